// Package format is ups fmt: policy sources in the one layout.
package format

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"runtime"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"ups/cmd/ups/internal/batch"
	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/flags"
	"ups/cmd/ups/internal/output"
	"ups/cmd/ups/internal/parallel"
	"ups/cmd/ups/internal/settings"
	"ups/cmd/ups/internal/sources"
	"ups/cmd/ups/internal/usage"
	"ups/lint/report"
)

// command are the flags of ups fmt.
type command struct {
	write, diff, check bool
	sources            settings.Flags
	jobs               flags.Count

	con      *console.Console
	settings *settings.Settings
	search   sources.Search
}

// New returns the command.
func New(con *console.Console) *cobra.Command {
	f := command{con: con, jobs: flags.Count(runtime.NumCPU())}
	cmd := &cobra.Command{
		Use:   "fmt FILE|DIR|-...",
		Short: "Lay policy sources out in the one way",
		Long: `Lay policy sources out in the one way.

Comments, macros, includes, conditionals, and blank lines where they part things
are kept. Without a flag the text of one file goes to standard output. For a
folder every policy source below it is laid out, and every header (.rh, .hrh).

What is laid out is proved to mean the same: it has the tokens, comments and
directives of the source, and a source that compiles makes the same bytes
afterwards. What can't be laid out safely, such as a macro that opens a brace and
another that closes it, stays as it is, and is named on standard error. A file
with mistakes in its syntax isn't touched.

With --check and --diff the exit status is 1 if a file is laid out otherwise.`,
		Example: `  ups fmt -w policies/
  ups fmt --check policies/
  ups fmt --diff ups_101f7f1f_1000a00a.rss
  generate-policies | ups fmt -`,
		Args: usage.NeedsArgs("a file or a folder to lay out"),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), args) },
	}
	fs := cmd.Flags()
	fs.BoolVarP(&f.write, "write", "w", false, "write each file that is laid out otherwise")
	fs.BoolVarP(&f.diff, "diff", "d", false, "show what -w would change, and change nothing")
	fs.BoolVar(&f.check, "check", false, "list the files that -w would change, and change nothing")
	f.sources.Register(fs, "")
	fs.VarP(&f.jobs, "jobs", "j", "how many files to look at at the same time")
	return cmd
}

func (f *command) run(ctx context.Context, args []string) error {
	f.settings = settings.New(f.con, f.sources)
	f.search = sources.Search{
		Con: f.con, Wanted: wanted, Excludes: f.settings.Excludes, Kind: "policy source", Exts: ".rss, .rh or .hrh",
	}
	paths, err := f.plan(args)
	if err != nil {
		return err
	}
	files := make([]file, len(paths))
	w := parallel.Begin(f.con, len(paths))
	w.Each(int(f.jobs), func(i int) {
		if ctx.Err() == nil {
			files[i] = f.layOut(ctx, paths[i])
		}
	})
	w.End()
	if ctx.Err() != nil {
		return console.ErrInterrupted
	}
	return f.conclude(ctx, files)
}

// conclude says what was found, and does what the flags ask for.
func (f *command) conclude(ctx context.Context, files []file) error {
	var outcomes []batch.Outcome
	for _, file := range files {
		outcomes = append(outcomes, file.Outcome)
		for _, l := range file.left {
			f.con.Note("%s:%d: lines %d to %d stay as they are: %s", file.path, l.First, l.First, l.Last, l.Reason)
		}
	}
	shown := batch.Show(f.con, outcomes)
	return errors.Join(shown, f.output(ctx, files), batch.Join(errors.Join(f.search.Cannot...), outcomes))
}

// output writes the files, or shows what of them would change.
func (f *command) output(ctx context.Context, files []file) error {
	var outputs []output.File
	var listing, diffs bytes.Buffer
	for _, file := range files {
		if !file.done() {
			continue
		}
		if !f.write && !f.diff && !f.check {
			return f.con.Write(file.after)
		}
		if bytes.Equal(file.before, file.after) {
			continue
		}
		name := filepath.ToSlash(file.path)
		outputs = append(outputs, output.File{Name: file.path, Data: file.after, Replaces: true})
		listing.WriteString(report.Printable(file.path) + "\n")
		diffs.Write(diff.Diff("a/"+name, file.before, "b/"+name, file.after))
	}
	switch {
	case f.write:
		return f.writeAll(ctx, outputs)
	case len(outputs) == 0:
		return nil
	case f.diff:
		return errors.Join(f.con.Write(diffs.Bytes()), console.ErrFound)
	}
	return errors.Join(f.con.Write(listing.Bytes()), console.ErrFound)
}

// writeAll writes the files, and says which.
func (f *command) writeAll(ctx context.Context, outputs []output.File) error {
	if err := output.Write(ctx, f.con, outputs); err != nil {
		return err
	}
	for _, o := range outputs {
		f.con.Note("%s: laid out", o.Name)
	}
	return nil
}
