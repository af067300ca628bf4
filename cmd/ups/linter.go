package main

import (
	"context"
	"path/filepath"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"ups/cmd/ups/internal/console"
	"ups/diag"
	"ups/grammar"
	"ups/lint"
)

// linter looks at files side by side.
type linter struct {
	flags  *lintFlags
	files  *loader
	cannot []error // what of folders can't be looked at
	*settings
	older *older       // nil without --against
	fresh atomic.Int64 // files without an older version, where there should be one
}

func newLinter(con *console.Console, f *lintFlags) (*linter, error) {
	settings := newSettings(con, f.include, f.defines)
	l := &linter{flags: f, settings: settings, files: newLoader(con, settings)}
	if f.config == "" {
		return l, nil
	}
	text, err := con.ReadNamed(f.config, lint.MaxConfig)
	if err != nil {
		return nil, err
	}
	path, err := filepath.Abs(f.config)
	if err != nil {
		return nil, err
	}
	l.given, err = lint.ParseConfig(grammar.Disk{}, path, text)
	return l, configError(err)
}

// fails reports whether a finding is at or above the level that fails the run.
func (l *linter) fails(f lint.Finding) bool {
	if s, ok := lint.ParseSeverity(l.flags.failLevel.Value); ok {
		return f.Severity >= s
	}
	c, err := l.config(f.Path)
	return err != nil || f.Severity >= c.Fails() // it was read before
}

// run gives what is found in all files, sorted.
func (l *linter) run(ctx context.Context, targets []target) ([]lint.Finding, error) {
	if l.con.Getenv("GOGC") == "" {
		defer tuneCollector(len(targets))()
	}
	bar := newProgress(l.con.Stderr, len(targets))
	if l.con.ShowsProgress() {
		defer bar.start()()
	}
	lists, errs := make([]*lint.Checked, len(targets)), make([]error, len(targets))
	var g errgroup.Group
	g.SetLimit(int(l.flags.jobs))
	for i, t := range targets {
		g.Go(func() error {
			defer bar.done.Add(1)
			if ctx.Err() != nil {
				return console.ErrInterrupted
			}
			lists[i], errs[i] = l.look(ctx, t)
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, console.ErrInterrupted
	}
	l.cannot = append(l.cannot, slices.DeleteFunc(errs, func(err error) bool { return err == nil })...)
	lists = slices.DeleteFunc(lists, func(c *lint.Checked) bool { return c == nil })
	l.sayFresh(len(targets))
	return once(lint.Finish(lists)), nil
}

// profiled returns a configuration with the profile of the command line, if
// one is given there.
func (l *linter) profiled(cfg *lint.Config) *lint.Config {
	if p, ok := lint.ParseProfile(l.flags.profile.Value); ok {
		own := *cfg
		own.Profile = p
		return &own
	}
	return cfg
}

// look looks at one file.
func (l *linter) look(ctx context.Context, t target) (*lint.Checked, error) {
	cfg, err := l.config(t.path)
	if err != nil {
		return nil, err
	}
	in, err := l.files.input(ctx, t)
	if err != nil {
		return nil, err
	}
	if l.older != nil {
		if in.Against, err = l.older.version(ctx, t); err != nil {
			return nil, err
		}
		if in.Against == nil {
			l.fresh.Add(1)
		}
	}
	return lint.Check(in, l.profiled(cfg)), nil
}

// once drops what is found again in a header that several sources include.
func once(fs []lint.Finding) []lint.Finding {
	type identity struct {
		code, message string
		span          diag.Span
	}
	seen := map[identity]bool{}
	var out []lint.Finding
	for _, f := range fs {
		id := identity{f.Code, f.Message, f.Span}
		if f.Span.Start.Filename != f.Path && seen[id] {
			continue
		}
		seen[id] = true
		out = append(out, f)
	}
	return out
}

// excluded says that a file named on the command line isn't looked at.
func (l *linter) excluded(path, config string) {
	l.con.Note("%s is left out by %s", path, config)
}
