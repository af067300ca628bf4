package lint

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"ups/cmd/ups/internal/compiled"
	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/settings"
	"ups/compiler"
	"ups/diag"
	"ups/grammar"
	"ups/internal/readfile"
	"ups/internal/rsc"
	"ups/lint"
)

// loader reads sources and compiled files for lint.
type loader struct {
	settings *settings.Settings
	read     func(ctx context.Context, name string, limit int64) ([]byte, error)
}

// newLoader makes a loader that reads what was named, streams too.
func newLoader(s *settings.Settings) *loader { return &loader{s, s.Con.Read} }

// input reads a file. One that can't be used has diagnostics that say so.
func (l *loader) input(ctx context.Context, t target) (*lint.Input, error) {
	name := t.path
	if t.arg == console.Stdio {
		name = console.Stdio
	}
	b, err := l.read(ctx, name, grammar.MaxSource)
	switch {
	case errors.Is(err, readfile.ErrTooLarge), errors.Is(err, grammar.ErrTooLarge):
		return refused(t.path, "source-too-large", "the file is "+grammar.ErrTooLarge.Error()), nil
	case err != nil:
		return nil, err
	case isCompiled(t.path, b):
		return fromCompiled(t.path, b), nil
	}
	return l.fromSource(t.path, b)
}

// isCompiled reports whether a file is compiled, by its name, or else by how it
// begins.
func isCompiled(path string, b []byte) bool {
	ext := strings.ToLower(filepath.Ext(path))
	return ext == ".rsc" || ext != ".rss" && rsc.IsCompiled(b)
}

func (l *loader) fromSource(path string, text []byte) (*lint.Input, error) {
	opt, err := l.settings.Options(path)
	if err != nil {
		return nil, err
	}
	r := compiler.Compile(path, text, compiler.Options{Options: opt})
	for _, s := range r.Tree.Sources {
		if !s.Builtin {
			l.settings.Con.Inputs.Add(s.Name)
		}
	}
	return &lint.Input{Path: path, File: r.File, Tree: r.Tree, Diagnostics: r.Diagnostics}, nil
}

func fromCompiled(path string, b []byte) *lint.Input {
	f, err := rsc.Decode(b)
	if err != nil {
		in := refused(path, "rsc-invalid", err.Error())
		in.Diagnostics[0].Hint = compiled.Hint(b)
		return in
	}
	return &lint.Input{Path: path, File: f, Diagnostics: compiler.Check(f).All()}
}

// refused is the input for a file that can't be read as a policy file.
func refused(path, code, message string) *lint.Input {
	return &lint.Input{Path: path, Diagnostics: []diag.Diagnostic{{
		Code: code, Severity: diag.Error, Message: message, Span: diag.Span{Start: diag.Pos{Filename: path}},
	}}}
}
