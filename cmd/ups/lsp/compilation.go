package lsp

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"ups/cmd/ups/internal/settings"
	"ups/cmd/ups/internal/sources"
	"ups/compiler"
	"ups/diag"
	"ups/grammar"
	"ups/lint"
	"ups/lint/analysis"
	"ups/policy"
)

// source is a policy source that is checked: it is open, or reads a header that is.
type source struct {
	path      string
	compiling sync.Mutex
	now       atomic.Pointer[compilation] // the newest; nil before the first
	lastList  atomic.Pointer[policy.File] // of the newest that had no errors
	wanted    atomic.Int64                // checks that were asked for since none ran
	checked   *compilation                // that was checked last; used by the check alone
	carried   carried
}

// reads reports whether a file was read for the source when it was last compiled.
func (src *source) reads(path string) bool {
	c := src.now.Load()
	return c != nil && c.read[path]
}

// compilation is what is known of a source in one state of the files.
type compilation struct {
	path     string
	texts    texts // what was open
	revision int
	read     map[string]bool // the files that it was made of
	result   *compiler.Result
	options  grammar.Options
	config   *lint.Config
	failed   error // of the configuration, with which nothing is compiled

	places   mapper
	policies []diag.Span  // where each stands, whole
	last     *policy.File // of the newest before it, or itself, that had no errors
	proofs   proofs

	supersede func() // stops the lint
	stop      chan struct{}
	once      sync.Once
	done      chan struct{}     // closed when the lint ended
	found     *findings         // nil where it was stopped
	recover   func(what string) // of a panic of the lint
}

// findings is what lint found, and the proofs that it found it by.
type findings struct {
	all      []lint.Finding   // each by itself
	merged   []lint.Finding   // as they are shown
	analysis *analysis.Result // nil without a list
}

// errSuperseded ends work for a state of the files that is past.
var errSuperseded = errors.New("the text has changed meanwhile")

// compiled returns the compilation of a source for the files as they are now.
func (s *server) compiled(src *source) *compilation {
	src.compiling.Lock()
	defer src.compiling.Unlock()
	s.mu.Lock()
	open, revision := s.texts, s.revision
	c := src.now.Load()
	fresh := c != nil && !s.changedSince(c) && !c.superseded()
	s.mu.Unlock()
	if fresh {
		return c
	}
	next := s.compile(src.path, open)
	next.revision = revision
	if c != nil {
		c.supersede()
	}
	if f := next.result.File; f != nil {
		src.lastList.Store(f)
	}
	next.last = src.lastList.Load()
	src.now.Store(next)
	return next
}

// changedSince reports whether a file that a compilation was made of has changed,
// or another one may be found in its place. The caller holds s.mu.
func (s *server) changedSince(c *compilation) bool {
	if s.opened > c.revision {
		return true
	}
	for path := range c.read {
		if s.changed[path] > c.revision {
			return true
		}
	}
	return false
}

// compile compiles a source, or reads a header, with what is open in place of the
// disk.
func (s *server) compile(path string, open texts) *compilation {
	c := &compilation{
		path: path, texts: open, read: map[string]bool{path: true},
		stop: make(chan struct{}), done: make(chan struct{}), recover: s.recoverFrom,
	}
	c.supersede = sync.OnceFunc(func() { close(c.stop) })
	under := settings.New(s.con, s.flags)
	under.Files = open
	c.config, c.failed = under.Config(path)
	if c.failed == nil {
		c.options, c.failed = under.Options(path)
	}
	text, err := open.ReadFile(path, grammar.MaxSource)
	switch {
	case c.failed != nil:
		c.result = &compiler.Result{Tree: &grammar.Tree{Name: path}}
	case err != nil:
		c.result = &compiler.Result{Tree: &grammar.Tree{Name: path}, Diagnostics: unreadable(path, err)}
	case isPolicySource(path, string(text)):
		c.result = compiler.Compile(path, text, compiler.Options{Options: c.options})
	default:
		c.result = &compiler.Result{Tree: grammar.Parse(path, text, c.options)}
	}
	c.places = newMapper(c.result.Tree, open)
	c.policies = c.policySpans()
	for _, src := range c.result.Tree.Sources {
		if !src.Builtin {
			c.read[absolute(src.Name)] = true
		}
	}
	return c
}

// unreadable is the diagnostic of a file that can't be read.
func unreadable(path string, err error) []diag.Diagnostic {
	d := diag.Diagnostic{
		Code: "source-unreadable", Severity: diag.Error, Message: err.Error(),
		Span: diag.Span{Start: diag.Pos{Filename: path, Line: 1, Column: 1}},
	}
	if errors.Is(err, grammar.ErrTooLarge) {
		d.Code = "source-too-large"
	}
	return []diag.Diagnostic{d}
}

// isPolicySource reports whether a text is a policy source, as ups finds it out for
// the files of a folder.
func isPolicySource(path, text string) bool {
	if _, named := sources.Service(path); named {
		return true
	}
	ext := strings.ToLower(filepath.Ext(path))
	return (ext == policy.SourceExt || ext == policy.PreprocessedExt || ext == "") && sources.HasPolicies([]byte(text))
}

// input is the source as lint and its fixes take it.
func (c *compilation) input() *lint.Input {
	return &lint.Input{Path: c.path, File: c.result.File, Tree: c.result.Tree, Diagnostics: c.result.Diagnostics}
}

// again compiles another text of the source.
func (c *compilation) again(text []byte) *lint.Input {
	r := compiler.Compile(c.path, text, compiler.Options{Options: c.options})
	return &lint.Input{Path: c.path, File: r.File, Tree: r.Tree, Diagnostics: r.Diagnostics}
}

// lint begins to lint, unless that was begun. A fault of a rule leaves the source
// without findings.
func (c *compilation) lint() {
	c.once.Do(func() {
		go func() {
			defer close(c.done)
			defer func() {
				if c.found == nil && !c.superseded() {
					c.found = &findings{}
				}
			}()
			defer c.recover("linting a source")
			c.found = c.look()
		}()
	})
}

// look lints. It returns nil if it was stopped.
func (c *compilation) look() *findings {
	in := c.input()
	if c.config == nil || !c.config.Covers(c.path) || in.File == nil {
		return &findings{}
	}
	found := &findings{analysis: analysis.Analyse(in.File, analysis.Options{Budget: c.config.Budget, Stop: c.stop})}
	if c.superseded() {
		return nil
	}
	in.Analysis = func() *analysis.Result { return found.analysis }
	found.all = lint.Run(in, c.config)
	found.merged = lint.Merge(slices.Clone(found.all))
	if c.superseded() {
		return nil
	}
	return found
}

func (c *compilation) superseded() bool {
	select {
	case <-c.stop:
		return true
	default:
		return false
	}
}

// linted returns what lint finds in a source in one state.
func (c *compilation) linted(ctx context.Context) (*findings, error) {
	c.lint()
	select {
	case <-c.done:
		if c.found != nil {
			return c.found, nil
		}
		return nil, errSuperseded
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// linted returns what lint finds in a source as it is now.
func (s *server) linted(ctx context.Context, src *source) (*compilation, *findings, error) {
	for {
		c := s.compiled(src)
		found, err := c.linted(ctx)
		if !errors.Is(err, errSuperseded) || s.stopped() {
			return c, found, err
		}
	}
}
