package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"ups/cmd/ups/internal/batch"
	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/loader"
	"ups/cmd/ups/internal/output"
	"ups/cmd/ups/internal/settings"
	"ups/cmd/ups/internal/usage"
	"ups/lint"
)

type sortFlags struct {
	sources     settings.Flags
	write, diff bool
}

func newSort(con *console.Console) *cobra.Command {
	var f sortFlags
	cmd := &cobra.Command{
		Use:   "sort FILE",
		Short: "Put the more specific policies first, as far as that keeps every decision",
		Long: `Find an order of a policy list with the more specific policies first that keeps
every decision, and say which policies move. -w writes it to the source, in which
comments and macros move with their policies; -d shows what would change there.
Of a compiled file (.rsc) it only says what would move.

Of a policy that can't stand before a more general one, a request is shown that
would change: whether it should is a decision that no program can take.

The exit status is 0 if the list is in order, or was put in order, 1 if policies
would move or can't, 2 if the command could not do its work.`,
		Example: `  ups sort ups_101f7f1f_1000a00a.rss
  ups sort -d ups_101f7f1f_1000a00a.rss
  ups sort -w ups_101f7f1f_1000a00a.rss`,
		Args: usage.OneArg("a source or a compiled file", "file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.run(cmd.Context(), con, args[0])
		},
	}
	f.sources.Register(cmd.Flags(), "")
	cmd.Flags().BoolVarP(&f.write, "write", "w", false, "write the order to the source")
	cmd.Flags().BoolVarP(&f.diff, "diff", "d", false, "show what -w would change, and change nothing")
	return cmd
}

func (f *sortFlags) run(ctx context.Context, con *console.Console, name string) error {
	if f.write && f.diff {
		return console.UsageError("", "-w doesn't go with -d")
	}
	if f.write && name == console.Stdio {
		return console.UsageError("", "-w needs a file: standard input can't be changed")
	}
	path := filepath.Clean(name)
	if name == console.Stdio {
		path = console.StdinName
	}
	under := settings.New(con, f.sources)
	files := loader.New(under)
	in, err := files.Input(ctx, name, path)
	if err != nil {
		return err
	}
	if in.File == nil {
		return showErrors(con, in)
	}
	if in.Tree == nil && (f.write || f.diff) {
		return console.UsageError("sort its source", "%s is compiled, and has no text to put in order", path)
	}
	cfg, err := under.Config(path)
	if err != nil {
		return err
	}
	sorted := lint.Sort(in, cfg.Budget, func(text []byte) *lint.Input {
		next, _ := files.FromSource(path, text) // its configuration was read before
		return next
	})
	if ctx.Err() != nil {
		return console.ErrInterrupted
	}
	return f.conclude(ctx, con, &sortReport{in, sorted, path})
}

// showErrors shows why a source can't be sorted.
func showErrors(con *console.Console, in *lint.Input) error {
	o := batch.Outcome{Diagnostics: in.Diagnostics, Texts: map[string][]byte{}}
	if in.Tree != nil {
		for _, s := range in.Tree.Sources {
			o.Texts[s.Name] = s.Text
		}
	}
	return errors.Join(batch.Show(con, []batch.Outcome{o}), console.ErrFound)
}

// conclude writes the order, or shows it, and returns the error that says
// whether something is left to do.
func (f *sortFlags) conclude(ctx context.Context, con *console.Console, r *sortReport) error {
	found := error(nil)
	if r.open() || r.sorted.Moves() && !f.write {
		found = console.ErrFound
	}
	if f.diff {
		return errors.Join(f.showDiff(con, r), found)
	}
	left := r.left(r.sorted, r.in.File)
	if f.write && r.sorted.Moves() && r.sorted.Refused == "" {
		file := output.File{Name: r.path, Data: r.sorted.Text, Replaces: true}
		if err := output.Write(ctx, con, []output.File{file}); err != nil {
			return err
		}
		left = r.left(r.sorted.Written(), r.sorted.File)
	}
	return errors.Join(con.Write([]byte(r.moves(f.write)+left)), found)
}

// showDiff writes a diff to standard output, and what it doesn't show to
// standard error.
func (f *sortFlags) showDiff(con *console.Console, r *sortReport) error {
	name := filepath.ToSlash(r.path)
	err := con.Write(diff.Diff("a/"+name, r.before(), "b/"+name, r.sorted.Text))
	if r.sorted.Moves() && !con.Quiet || r.sorted.Refused != "" {
		fmt.Fprint(con.Stderr, r.moves(false))
	}
	fmt.Fprint(con.Stderr, r.left(r.sorted, r.in.File))
	return err
}
