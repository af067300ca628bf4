package lint

import (
	"context"
	"path/filepath"
	"slices"
	"sync/atomic"

	"ups/cmd/ups/internal/batch"
	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/loader"
	"ups/cmd/ups/internal/parallel"
	"ups/cmd/ups/internal/settings"
	"ups/cmd/ups/internal/targets"
	"ups/grammar"
	"ups/lint"
)

// linter looks at files side by side.
type linter struct {
	flags *command
	files *loader.Loader
	find  targets.Finder
	*settings.Settings
	older *targets.Older // nil without --against
	fresh atomic.Int64   // files without an older version, where there should be one
}

func newLinter(con *console.Console, f *command) (*linter, error) {
	under := settings.New(con, f.sources)
	l := &linter{flags: f, Settings: under, files: loader.New(under)}
	l.find.Settings = under
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
	l.Given, err = lint.ParseConfig(grammar.Disk{}, path, text)
	return l, settings.ConfigError(err)
}

// fails reports whether a finding is at or above the level that fails the run.
func (l *linter) fails(f lint.Finding) bool {
	if s, ok := lint.ParseSeverity(l.flags.failLevel.Value); ok {
		return f.Severity >= s
	}
	c, err := l.Config(f.Path)
	return err != nil || f.Severity >= c.Fails() // it was read before
}

// run returns what is found in all files, sorted.
func (l *linter) run(ctx context.Context, found []targets.Target) ([]lint.Finding, error) {
	w := parallel.Begin(l.Con, len(found))
	defer w.End()
	lists, errs := make([]*lint.Checked, len(found)), make([]error, len(found))
	w.Each(int(l.flags.jobs), func(i int) {
		if ctx.Err() == nil {
			lists[i], errs[i] = l.look(ctx, found[i])
		}
	})
	if ctx.Err() != nil {
		return nil, console.ErrInterrupted
	}
	l.find.Cannot = append(l.find.Cannot, slices.DeleteFunc(errs, func(err error) bool { return err == nil })...)
	lists = slices.DeleteFunc(lists, func(c *lint.Checked) bool { return c == nil })
	l.sayFresh(len(found))
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
func (l *linter) look(ctx context.Context, t targets.Target) (*lint.Checked, error) {
	cfg, err := l.Config(t.Path)
	if err != nil {
		return nil, err
	}
	in, err := l.files.Input(ctx, t.Name(), t.Path)
	if err != nil {
		return nil, err
	}
	if l.older != nil {
		if in.Against, err = l.older.Version(ctx, t); err != nil {
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
	seen := batch.Seen{}
	var out []lint.Finding
	for _, f := range fs {
		if first := seen.First(f.Diagnostic); first || f.Span.Start.Filename == f.Path {
			out = append(out, f)
		}
	}
	return out
}

// sayFresh says on standard error how many files there was no older version
// of: with a wrong folder that is all, and nothing is compared.
func (l *linter) sayFresh(of int) {
	if n := l.fresh.Load(); n > 0 {
		l.Con.Note("%d of %d files have no older version in %s", n, of, l.flags.against)
	}
}
