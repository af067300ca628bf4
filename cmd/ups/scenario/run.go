package scenario

import (
	"context"
	"errors"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"ups/diag"
	"ups/grammar"
	"ups/internal/readfile"
)

// Options say how scenario files are run. The zero value is ready for use.
type Options struct {
	// Grammar returns how a source is compiled; nil is for the defaults.
	Grammar func(source string) (grammar.Options, error)
	// Only runs the scenarios whose name it matches; nil runs all.
	Only *regexp.Regexp
	// Read reads at most limit bytes of a scenario file; nil is for files only.
	Read func(ctx context.Context, path string, limit int64) ([]byte, error)
	// Guard is how long the service may take to come to rest in a step, before
	// the scenario fails: 10 seconds if it is 0. No scenario waits for it
	// unless something is stuck.
	Guard time.Duration
}

func (o *Options) read(ctx context.Context, path string) ([]byte, error) {
	if o.Read != nil {
		return o.Read(ctx, path, MaxFile)
	}
	return readfile.Named(path, MaxFile)
}

const defaultGuard = 10 * time.Second

// Result is what became of a scenario file.
type Result struct {
	Path      string
	Err       error // why it can't be run; joins *Error, or is a *SourceError
	Scenarios []ScenarioResult
	Coverage  Coverage
	// Reads are the files that it was made of, there or not, and Folders those
	// that were listed: when one of them changes, so may the result.
	Reads, Folders []string
}

// ScenarioResult is what became of a scenario. It passed if there are no
// failures.
type ScenarioResult struct {
	Name     string
	Pos      diag.Pos
	Steps    int // that were done
	Duration time.Duration
	Failures []Failure
	Notes    []string // what the policy store said, for one that failed
}

// Passed reports whether all was as expected.
func (r *ScenarioResult) Passed() bool { return len(r.Failures) == 0 }

// Failure is a step in which something wasn't as expected.
type Failure struct {
	Pos         diag.Pos
	Step        string
	Differences []Difference // at least one
}

// Difference is one thing that wasn't as expected.
type Difference struct {
	What, Got, Want string
	Why             string // more about it; may be empty
}

// Failed returns how many scenarios failed.
func (r *Result) Failed() (n int) {
	for i := range r.Scenarios {
		if !r.Scenarios[i].Passed() {
			n++
		}
	}
	return n
}

// run is a scenario file that is being run.
type run struct {
	file     *File
	options  Options
	store    store
	coverage Coverage
}

// errAborted ends a scenario whose further steps would have no meaning; what
// is wrong has been reported.
var errAborted = errors.New("aborted")

// Run runs a scenario file. Its scenarios run one after the other, each with a
// service of its own. The result has an error if the file, or what it names,
// can't be used; or if ctx is done.
func Run(ctx context.Context, path string, opt Options) *Result {
	result := &Result{Path: path, Reads: []string{path}}
	text, err := opt.read(ctx, path)
	if err != nil {
		result.Err = err
		return result
	}
	file, err := Parse(filepath.ToSlash(path), text)
	if err != nil {
		result.Err = err
		return result
	}
	if opt.Guard == 0 {
		opt.Guard = defaultGuard
	}
	r := &run{file: file, options: opt}
	b := newBuilder(file, opt.Grammar)
	r.store, result.Err = b.prepare(file)
	result.Reads = append(result.Reads, b.reads...)
	result.Folders = b.folders
	if result.Err == nil {
		r.coverage = newCoverage(b.made)
		result.Scenarios, result.Err = r.all(ctx)
		result.Coverage = r.coverage
	}
	return result
}

// all runs the scenarios that are asked for.
func (r *run) all(ctx context.Context) ([]ScenarioResult, error) {
	var results []ScenarioResult
	for _, s := range r.file.scenarios {
		if r.options.Only != nil && !r.options.Only.MatchString(s.name) {
			continue
		}
		start := time.Now()
		result, err := r.one(ctx, s)
		if err != nil {
			return results, err
		}
		result.Duration = time.Since(start)
		results = append(results, result)
	}
	return results, nil
}

// one runs a scenario.
func (r *run) one(ctx context.Context, s *scenario) (result ScenarioResult, err error) {
	result = ScenarioResult{Name: s.name, Pos: s.pos}
	g, err := newFixture(ctx, r, s, &result)
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, g.tearDown()) }()
	if g.steps() {
		g.unlooked()
	}
	if ctx.Err() != nil {
		return result, context.Cause(ctx)
	}
	if !result.Passed() {
		g.mu.Lock()
		defer g.mu.Unlock()
		result.Notes = slices.Clone(g.notes)
	}
	return result, nil
}

// steps does the steps, and reports whether it came to the last.
func (g *fixture) steps() bool {
	for _, st := range g.scenario.steps {
		g.at = st
		g.result.Steps++
		err := st.do(g)
		if err == nil {
			continue
		}
		if !errors.Is(err, errAborted) {
			g.differ(Difference{"step", err.Error(), "that it can be done", ""})
		}
		return false
	}
	return true
}

// Stdin is the path that stands for standard input.
const Stdin = "-"
