package decisions

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"ups/cmd/ups/internal/usage"
	"ups/runtime/decision"
)

type importer struct {
	*decisions
	consent
	replace bool
}

func newImport(d *decisions) *cobra.Command {
	i := importer{decisions: d}
	cmd := &cobra.Command{
		Use:   "import --db FILE LINES",
		Short: "Read stored answers from JSON lines",
		Long: `Read records from a file of JSON lines, as ups decisions export writes them and
docs/decisions.md describes them, and store them. If a line isn't a record, or
the database fails, none is stored. A database that isn't there is made.

A record that is about the same as one in the database (client, evaluator,
service, server, fingerprint, entity and major version are equal) updates its
description, result and info; so does a later line an earlier one. All other
records stay; with --replace they are removed. Ids in the lines mean nothing:
the database gives its own.`,
		Example: `  ups decisions import --db ups.db backup.jsonl
  ups decisions export --db old.db | ups decisions import --db new.db -
  ups decisions import --db ups.db --replace --yes backup.jsonl`,
		Args: usage.OneArg("a file of JSON lines, or - for standard input", "file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := i.check(cmd, nil, ""); err != nil {
				return err
			}
			return i.run(cmd.Context(), args[0])
		},
	}
	cmd.Flags().BoolVar(&i.replace, "replace", false, "remove all records that were there before")
	i.registerConsent(cmd.Flags(), "remove the records that --replace is to remove")
	return cmd
}

func (i *importer) run(ctx context.Context, name string) error {
	if i.replace {
		if err := i.checkConsent(i.con, name); err != nil {
			return err
		}
	}
	in, err := i.open(ctx, name)
	if err != nil {
		return err
	}
	defer in.close()
	if i.dryRun {
		return i.preview(ctx, in.records)
	}
	return i.change(ctx, func(db decision.DB) error { return i.store(ctx, db, in) })
}

// preview says what store would do.
func (i *importer) preview(ctx context.Context, n int) error {
	text := fmt.Sprintf("%s would be imported", records(n))
	if i.replace {
		there := 0
		err := i.view(ctx, func(db decision.DB) (err error) {
			there, err = db.Count(ctx, decision.Filter{})
			return err
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		text += fmt.Sprintf(", and %s removed", records(there))
	}
	_, err := fmt.Fprintln(i.con.Stderr, text)
	return err
}

// store stores records, all or none.
func (i *importer) store(ctx context.Context, db decision.DB, in *input) error {
	before, err := db.Count(ctx, decision.Filter{})
	if err != nil {
		return err
	}
	if i.replace && before > 0 {
		return i.exchange(ctx, db, before, in)
	}
	if err := db.StoreAll(ctx, in.lines()); err != nil {
		return err
	}
	after, err := db.Count(ctx, decision.Filter{})
	if err != nil {
		return err
	}
	created := after - before
	return i.con.Write(fmt.Appendf(nil, "%s imported: %d new, %d updated\n", records(in.records), created, in.records-created))
}

// exchange puts records in the place of all that are there.
func (i *importer) exchange(ctx context.Context, db decision.DB, before int, in *input) error {
	err := i.confirm(ctx, i.con, "Remove %s from %s, and import %s?", records(before), i.path, records(in.records))
	if err != nil {
		return err
	}
	removed, err := db.ReplaceAll(ctx, in.lines())
	if err != nil {
		return err
	}
	return i.con.Write(fmt.Appendf(nil, "%s imported, %s removed\n", records(in.records), records(removed)))
}
