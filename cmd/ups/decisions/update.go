package decisions

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/flags"
	"ups/runtime/decision"
)

type updater struct {
	*decisions
	result       flags.Choice
	json, dryRun bool
}

func newUpdate(d *decisions) *cobra.Command {
	u := updater{decisions: d, result: results()}
	cmd := &cobra.Command{
		Use:   "update --db FILE --result always|never ID...",
		Short: "Change the result of stored answers",
		Long: `Change the result of the records with these ids, which ups decisions list shows.
If there is no record for one of them, none is changed.

With --json the records are written, as they are afterwards, a line each.`,
		Example: `  ups decisions update --db ups.db --result never 17
  ups decisions update --db ups.db --result always 17 18 23`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := u.check(cmd, nil, ""); err != nil {
				return err
			}
			return u.run(cmd.Context(), args)
		},
	}
	cmd.Flags().Var(&u.result, "result", "the new result, `always|never`")
	cmd.Flags().BoolVar(&u.json, "json", false, "write a line of JSON for each record")
	cmd.Flags().BoolVarP(&u.dryRun, "dry-run", "n", false, "show the records, and change nothing")
	flags.CompleteChoice(cmd, "result", &u.result)
	return cmd
}

func (u *updater) run(ctx context.Context, args []string) error {
	ids, err := recordIDs(args)
	switch {
	case err != nil:
		return err
	case len(ids) == 0:
		return console.UsageError("ups decisions list shows the ids", "which records?")
	case u.result.Value == "":
		return console.UsageError("give --result always or --result never", "what is the new result?")
	case u.dryRun:
		return u.view(ctx, func(db decision.DB) error { return u.preview(ctx, db, ids) })
	}
	return u.changeExisting(ctx, func(db decision.DB) error { return u.update(ctx, db, ids) })
}

// recordIDs reads ids, each of which is taken once.
func recordIDs(args []string) ([]uint64, error) {
	var ids []uint64
	for _, arg := range args {
		id, err := strconv.ParseUint(arg, 10, 64)
		if err != nil || id == 0 || id > decision.MaxID {
			return nil, console.UsageError("", "%q is not the id of a record, which is a number from 1", arg)
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// withID selects one record.
func withID(id uint64) decision.Filter {
	return decision.Filter{ID: decision.Number{Comparison: decision.Equal, Value: id}}
}

// find makes sure that all records are there.
func (u *updater) find(ctx context.Context, db decision.DB, ids []uint64) error {
	var missing []error
	for _, id := range ids {
		n, err := db.Count(ctx, withID(id))
		if err != nil {
			return err
		}
		if n == 0 {
			missing = append(missing, console.UsageError("", "%s: %w with the id %d", u.path, decision.ErrNotFound, id))
		}
	}
	if len(missing) == 1 {
		return missing[0]
	}
	return errors.Join(missing...)
}

func (u *updater) preview(ctx context.Context, db decision.DB, ids []uint64) error {
	if err := u.find(ctx, db, ids); err != nil {
		return err
	}
	if err := u.showEach(ctx, db, ids); err != nil {
		return err
	}
	_, err := fmt.Fprintf(u.con.Stderr, "%s would be set to %s\n", records(len(ids)), u.result.Value)
	return err
}

func (u *updater) update(ctx context.Context, db decision.DB, ids []uint64) error {
	var result decision.Result
	if err := result.UnmarshalText([]byte(u.result.Value)); err != nil {
		return err
	}
	if err := u.find(ctx, db, ids); err != nil {
		return err
	}
	for i, id := range ids {
		if err := db.UpdateResult(ctx, id, result); err != nil {
			return fmt.Errorf("record %d, after %s: %w", id, records(i)+" changed", err)
		}
	}
	if u.json {
		return u.showEach(ctx, db, ids)
	}
	return u.con.Write(fmt.Appendf(nil, "%s set to %s\n", records(len(ids)), result))
}

// showEach writes records in the order of ids.
func (u *updater) showEach(ctx context.Context, db decision.DB, ids []uint64) error {
	chosen := &selection{DB: db, ids: ids}
	_, err := u.show(ctx, chosen, decision.Filter{}, u.json, columns())
	return err
}
