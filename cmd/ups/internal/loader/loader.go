// Package loader reads the sources and compiled files that commands look into.
package loader

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"ups/cmd/ups/internal/compiled"
	"ups/cmd/ups/internal/settings"
	"ups/compiler"
	"ups/diag"
	"ups/grammar"
	"ups/internal/readfile"
	"ups/internal/rsc"
	"ups/lint"
)

// Loader reads sources and compiled files.
type Loader struct {
	Settings *settings.Settings
	// Read reads a file of at most so many bytes.
	Read func(ctx context.Context, name string, limit int64) ([]byte, error)
}

// New makes a loader that reads what was named, streams too.
func New(s *settings.Settings) *Loader { return &Loader{s, s.Con.Read} }

// Input reads a file by its name, "-" for standard input. One that can't be used
// has diagnostics that say so, which call it path.
func (l *Loader) Input(ctx context.Context, name, path string) (*lint.Input, error) {
	b, err := l.Read(ctx, name, grammar.MaxSource)
	switch {
	case errors.Is(err, readfile.ErrTooLarge), errors.Is(err, grammar.ErrTooLarge):
		return refused(path, "source-too-large", "the file is "+grammar.ErrTooLarge.Error()), nil
	case err != nil:
		return nil, err
	case isCompiled(path, b):
		return fromCompiled(path, b), nil
	}
	return l.FromSource(path, b)
}

// isCompiled reports whether a file is compiled, by its name, or else by how it
// begins.
func isCompiled(path string, b []byte) bool {
	ext := strings.ToLower(filepath.Ext(path))
	return ext == ".rsc" || ext != ".rss" && rsc.IsCompiled(b)
}

// FromSource compiles a source.
func (l *Loader) FromSource(path string, text []byte) (*lint.Input, error) {
	opt, err := l.Settings.Options(path)
	if err != nil {
		return nil, err
	}
	r := compiler.Compile(path, text, compiler.Options{Options: opt})
	for _, s := range r.Tree.Sources {
		if !s.Builtin {
			l.Settings.Con.Inputs.Add(s.Name)
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
