package decisions

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"ups/cmd/ups/internal/console"
	"ups/runtime/decision"
)

// remover is ups decisions remove and ups decisions clear.
type remover struct {
	*decisions
	filterFlags
	consent
	json bool
	all  bool // is to clear
}

func newRemove(d *decisions) *cobra.Command {
	r := remover{decisions: d}
	cmd := &cobra.Command{
		Use:   "remove --db FILE FILTER...",
		Short: "Remove stored answers",
		Long: `Remove the records that a filter selects; people will be asked again. On a
terminal ups asks first; elsewhere --yes must be given.

With --json the records are written, a line each, before they are removed;
ups decisions import takes the lines back. With --dry-run they are shown, and
stay.

` + filterHelp,
		Example: `  ups decisions remove --db ups.db --client 0x20001234
  ups decisions remove --db ups.db --where id=17 --yes
  ups decisions remove --db ups.db --service 0x1000a00a --where 'major<2' --dry-run`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := r.check(cmd, args, "for a record by its id give --where id=17"); err != nil {
				return err
			}
			return r.run(cmd.Context())
		},
	}
	r.registerFilter(cmd)
	r.register(cmd)
	return cmd
}

func newClear(d *decisions) *cobra.Command {
	r := remover{decisions: d, all: true}
	cmd := &cobra.Command{
		Use:   "clear --db FILE",
		Short: "Remove all stored answers",
		Long: `Remove all records; people will be asked again. The database stays, and doesn't
give an id again. On a terminal ups asks first; elsewhere --yes must be given.

With --json the records are written, a line each, before they are removed.`,
		Example: `  ups decisions clear --db ups.db
  ups decisions clear --db ups.db --yes --json > removed.jsonl`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := r.check(cmd, args, "ups decisions remove takes a filter"); err != nil {
				return err
			}
			return r.run(cmd.Context())
		},
	}
	r.register(cmd)
	return cmd
}

func (r *remover) register(cmd *cobra.Command) {
	r.registerConsent(cmd.Flags(), "remove them")
	cmd.Flags().BoolVar(&r.json, "json", false, "write a line of JSON for each record")
}

func (r *remover) run(ctx context.Context) error {
	filter, given, err := r.filter()
	switch {
	case err != nil:
		return err
	case !given && !r.all:
		return console.UsageError("say which with --client, --server, --service, --result or --where; ups decisions clear removes all", "which records?")
	case r.dryRun:
		return r.view(ctx, func(db decision.DB) error { return r.preview(ctx, db, filter) })
	}
	if err := r.checkConsent(r.con, ""); err != nil {
		return err
	}
	return r.changeExisting(ctx, func(db decision.DB) error { return r.remove(ctx, db, filter) })
}

func (r *remover) preview(ctx context.Context, db decision.DB, f decision.Filter) error {
	n, err := r.show(ctx, db, f, r.json, columns())
	if err == nil {
		_, err = fmt.Fprintf(r.con.Stderr, "%s would be removed\n", records(n))
	}
	return err
}

func (r *remover) remove(ctx context.Context, db decision.DB, f decision.Filter) error {
	n, err := db.Count(ctx, f)
	if err == nil && n > 0 {
		err = r.confirm(ctx, r.con, "Remove %s from %s?", records(n), r.path)
	}
	if err == nil && r.json {
		err = r.keep(ctx, db, f)
	}
	if err != nil {
		return err
	}
	if n, err = db.Delete(ctx, f); err != nil || r.json {
		return err
	}
	return r.con.Write(fmt.Appendf(nil, "%s removed\n", records(n)))
}

// keep writes the records that will be removed. If their reader stops, nothing
// is removed.
func (r *remover) keep(ctx context.Context, db decision.DB, f decision.Filter) error {
	_, err := r.show(ctx, db, f, true, nil)
	if errors.Is(err, console.ErrReaderGone) {
		return fmt.Errorf("nothing was removed: %v", err)
	}
	return err
}
