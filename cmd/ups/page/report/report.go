// Package report is ups report: a page that shows what policy lists decide.
package report

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/gitref"
	"ups/cmd/ups/internal/output"
	"ups/cmd/ups/internal/settings"
	"ups/cmd/ups/internal/usage"
	"ups/cmd/ups/page/svg"
)

// command are the flags of ups report.
type command struct {
	sources  settings.Flags
	output   string
	picture  bool
	against  string
	coverage string
	db       string

	con *console.Console
}

// New returns the command.
func New(con *console.Console) *cobra.Command {
	f := command{con: con}
	cmd := &cobra.Command{
		Use:   "report PATH...",
		Short: "Write a page that shows what policies decide",
		Long: `Write a page that shows what policies decide, for people who would rather look.

Of each list it has a picture, with a row for each kind of client and a column for
each policy: who decides which part of a sample of requests, what is allowed, asked
about and denied, and which policies are shadowed by earlier ones. Below are the
policies, their destinations as a tree, and what ups lint finds. The page is one
file that loads nothing, and can be opened, sent and kept as it is.

PATH is a source (.rss), a compiled file (.rsc) or a folder, of which all below is
looked at, as ups lint does.

With --coverage the page shows which policies the scenarios hit, from what
ups test --coverage --json wrote; with --against what changes from another version,
as ups diff does; with --db how many stored answers each policy could look up.
With --svg the picture of one list is written alone.`,
		Example: `  ups report policies/ -o report.html
  ups report --against git:main policies/ -o report.html
  ups test --coverage --json policies/ > coverage.json
  ups report --coverage coverage.json --db ups.db policies/ -o report.html
  ups report --svg ups_101f7f1f_1000a00a.rss -o picture.svg`,
		Args: usage.NeedsArgs("a file or a folder to show"),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), args) },
	}
	fs := cmd.Flags()
	f.sources.Register(fs, "")
	fs.StringVarP(&f.output, "output", "o", console.Stdio, "write `FILE`; - is standard output")
	fs.BoolVar(&f.picture, "svg", false, "write the picture of one list alone, as SVG")
	fs.StringVar(&f.against, "against", "", "show what changes from the older version `OLD`, a file or folder, or git:REF[:PATH], those of a commit")
	fs.StringVar(&f.coverage, "coverage", "", "show which policies scenarios hit, from the JSON `FILE` of ups test --coverage --json")
	fs.StringVar(&f.db, "db", "", "count stored answers in the decision database `FILE`")
	// It fails only if there is no such flag.
	_ = cmd.RegisterFlagCompletionFunc("against", gitref.Complete)
	return cmd
}

func (f *command) run(ctx context.Context, args []string) error {
	if f.picture && (f.against != "" || f.coverage != "" || f.db != "") {
		return console.UsageError("", "--svg is the picture alone, without what --against, --coverage and --db show")
	}
	if f.output == console.Stdio && !f.picture && f.con.IsTerminal(f.con.Stdout) {
		return console.UsageError("add -o report.html", "a page is nothing to look at on a terminal")
	}
	r := newReader(f)
	lists, err := r.read(ctx, args)
	if err != nil {
		return err
	}
	if f.picture && len(lists) > 1 {
		return console.UsageError("name one file", "--svg is the picture of one list, and these are %d", len(lists))
	}
	data, err := f.render(ctx, r, lists)
	if err != nil {
		return err
	}
	err = output.Write(ctx, f.con, []output.File{{Name: f.output, Data: data}})
	return errors.Join(append(r.finder.Cannot, err)...)
}

// render returns the page, or the picture.
func (f *command) render(ctx context.Context, r *reader, lists []*list) ([]byte, error) {
	if f.picture {
		l := lists[0]
		return []byte(svg.Draw(l.Model, svg.Options{Title: l.Title}) + "\n"), nil
	}
	for _, add := range []func(context.Context, []*list) error{f.addCoverage, f.addStored} {
		if err := add(ctx, lists); err != nil {
			return nil, err
		}
	}
	return page(lists)
}
