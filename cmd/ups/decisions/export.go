package decisions

import (
	"cmp"
	"context"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/output"
	"ups/runtime/decision"
	"ups/runtime/decision/sqlite"
)

type exporter struct {
	*decisions
	filterFlags
	output string
}

func newExport(d *decisions) *cobra.Command {
	e := exporter{decisions: d}
	cmd := &cobra.Command{
		Use:   "export --db FILE",
		Short: "Write stored answers as JSON lines",
		Long: `Write the records of a decision database, or those that a filter selects, as
JSON, a line each, in the order of their ids. docs/decisions.md describes the
lines, which ups decisions import reads. A new FILE of -o can be read by its
owner only, as the database; it is there whole or not at all.

` + filterHelp,
		Example: `  ups decisions export --db ups.db -o backup.jsonl
  ups decisions export --db ups.db --client 0x20001234 | jq .description`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 && args[0] == console.Stdio {
				args = nil // standard output it is
			}
			if err := e.check(cmd, args, "write to a file with -o FILE"); err != nil {
				return err
			}
			return e.run(cmd.Context())
		},
	}
	e.registerFilter(cmd)
	cmd.Flags().StringVarP(&e.output, "output", "o", console.Stdio, "write to `FILE`")
	return cmd
}

func (e *exporter) run(ctx context.Context) error {
	filter, _, err := e.filter()
	if err != nil {
		return err
	}
	files, err := sqlite.Files(e.path)
	if err != nil {
		return err
	}
	if slices.Contains(files, output.Identity(e.output)) {
		return console.UsageError("", "%s is of the database that is read, and can't be written", e.output)
	}
	e.con.Inputs.Add(files...) // other names of them, too
	return e.view(ctx, func(db decision.DB) error { return e.write(ctx, db, filter) })
}

func (e *exporter) write(ctx context.Context, db decision.DB, f decision.Filter) error {
	var reading error // is not about the output
	d, err := output.NewDraft(e.con, e.output, 0o600, func(w io.Writer) error {
		to := &sink{w: w}
		_, err := writeLines(ctx, db, f, to)
		if to.err == nil {
			reading = err
		}
		return err
	})
	if err == nil {
		defer d.Discard()
		err = d.Publish()
	}
	return cmp.Or(reading, err)
}

// sink is a writer that remembers whether it failed.
type sink struct {
	w   io.Writer
	err error
}

func (s *sink) Write(b []byte) (n int, err error) {
	n, s.err = s.w.Write(b)
	return n, s.err
}
