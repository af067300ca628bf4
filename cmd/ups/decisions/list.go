package decisions

import (
	"bufio"
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"ups/cmd/ups/internal/console"
	"ups/lint/report"
	"ups/runtime/decision"
)

type lister struct {
	*decisions
	filterFlags
	json bool
	age  bool
}

func newList(d *decisions) *cobra.Command {
	l := lister{decisions: d}
	cmd := &cobra.Command{
		Use:   "list --db FILE",
		Short: "Show stored answers",
		Long: `Show the records of a decision database, or those that a filter selects, in the
order of their ids. Fingerprints and entities are shown in quotes if they are
readable text, and otherwise in hexadecimal.

With --json each record is a line of JSON, as ups decisions export writes it;
docs/decisions.md describes it.

` + filterHelp,
		Example: `  ups decisions list --db ups.db
  ups decisions list --db ups.db --client 0x20001234 --result never
  ups decisions list --db ups.db --where 'major<2' --where entity!= --json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := l.check(cmd, args, "select records with --client, --service or --where"); err != nil {
				return err
			}
			return l.run(cmd.Context())
		},
	}
	l.registerFilter(cmd)
	cmd.Flags().BoolVar(&l.age, "age", false, "show as well when answers were given, how often they answered, and for which program")
	cmd.Flags().BoolVar(&l.json, "json", false, "write a line of JSON for each record")
	return cmd
}

func (l *lister) run(ctx context.Context) error {
	filter, _, err := l.filter()
	if err != nil {
		return err
	}
	return l.view(ctx, func(db decision.DB) error {
		shown := columns()
		if l.age {
			shown = append(shown, ageColumns()...)
		}
		n, err := l.show(ctx, db, filter, l.json, shown)
		if err == nil && n == 0 && !l.json && !l.con.Quiet {
			_, err = fmt.Fprintln(l.con.Stderr, "no records")
		}
		return err
	})
}

// show writes the records that a filter selects to standard output, as JSON or in a
// table of these columns, and returns their number.
func (d *decisions) show(ctx context.Context, db decision.DB, f decision.Filter, json bool, columns []column) (int, error) {
	if json {
		n, err := writeLines(ctx, db, f, d.con.Out())
		return n, console.StreamError(err)
	}
	t := newTable(d.con.Out(), d.con.Colors(d.con.Stdout), columns)
	n := 0
	for r, err := range db.List(ctx, f) {
		if err != nil {
			return n, err
		}
		if err := t.add(&r); err != nil {
			return n, console.StreamError(err)
		}
		n++
	}
	return n, console.StreamError(t.flush())
}

// writeLines writes records as JSON, a line each, and returns their number.
// Nothing in a line controls a terminal.
func writeLines(ctx context.Context, db decision.DB, f decision.Filter, w io.Writer) (int, error) {
	out := bufio.NewWriter(w)
	n, err := decision.Export(ctx, db, f, lineEscaper{out})
	if err != nil {
		return n, err
	}
	return n, out.Flush()
}

// lineEscaper writes lines of JSON, one a call, with what controls a terminal
// escaped.
type lineEscaper struct{ w io.Writer }

func (e lineEscaper) Write(line []byte) (int, error) {
	if _, err := e.w.Write(report.EscapeJSON(line)); err != nil {
		return 0, err
	}
	return len(line), nil
}
