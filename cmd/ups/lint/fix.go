package lint

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"

	"github.com/rogpeppe/go-internal/diff"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/output"
	"ups/cmd/ups/internal/targets"
	"ups/lint"
	"ups/lint/report"
)

// fix applies what is proved to be safe in all files; with --diff it shows it
// and writes nothing, and found says that there is something to show.
func (l *linter) fix(ctx context.Context, list []targets.Target) (found, err error) {
	var outputs []output.File
	var diffs bytes.Buffer
	for _, t := range list {
		if ctx.Err() != nil {
			return nil, console.ErrInterrupted
		}
		before, fixed, err := l.fixed(ctx, t)
		if err != nil {
			return nil, err
		}
		l.sayFixed(t.Path, fixed)
		if len(fixed.Applied) == 0 {
			continue
		}
		outputs = append(outputs, output.File{Name: t.Path, Data: fixed.Text, Replaces: true})
		name := filepath.ToSlash(t.Path)
		diffs.Write(diff.Diff("a/"+name, before, "b/"+name, fixed.Text))
	}
	switch {
	case !l.flags.diff:
		return nil, output.Write(ctx, l.Con, outputs)
	case len(outputs) > 0:
		found = console.ErrFound
	}
	return found, l.Con.Write(diffs.Bytes())
}

// fixed returns a source as it is after its fixes.
func (l *linter) fixed(ctx context.Context, t targets.Target) (before []byte, fixed lint.Fixed, err error) {
	if t.Name() == console.Stdio {
		return nil, fixed, console.UsageError("", "--fix needs a file: standard input can't be changed")
	}
	cfg, err := l.Config(t.Path)
	if err != nil {
		return nil, fixed, err
	}
	in, err := l.files.Input(ctx, t.Name(), t.Path)
	if err != nil || in.Tree == nil {
		return nil, fixed, err
	}
	before = in.Tree.Sources[0].Text
	fixed = lint.Fix(in, cfg, func(text []byte) *lint.Input {
		in, _ := l.files.FromSource(t.Path, text) // its configuration was read before
		return in
	})
	return before, fixed, nil
}

// sayFixed says on standard error what was done to a file, and what wasn't.
func (l *linter) sayFixed(path string, fixed lint.Fixed) {
	if l.Con.Quiet {
		return
	}
	verb := "fixed"
	if l.flags.diff {
		verb = "would fix"
	}
	for _, f := range fixed.Applied {
		fmt.Fprintf(l.Con.Stderr, "%s: %s [%s]: %s\n", report.Printable(path), verb, f.Code, report.Printable(f.Fixes[0].Message))
	}
	for _, r := range fixed.Refused {
		fmt.Fprintf(l.Con.Stderr, "%s: not fixed [%s]: %s: %s\n", report.Printable(r.Span.Start.String()), r.Code,
			report.Printable(r.Fixes[0].Message), r.Why)
	}
	if len(fixed.Applied) > 0 {
		fmt.Fprintf(l.Con.Stderr, "%s: every decision is proved to be the same, for regular destinations\n", report.Printable(path))
	}
}
