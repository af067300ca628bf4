package scenario

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"ups/diag"
	"ups/grammar"
	"ups/internal/readfile"
	"ups/internal/walk"
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
	g, err := newStage(ctx, r, s, &result)
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
func (g *stage) steps() bool {
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

// suffix is what the names of scenario files end in.
const suffix = ".scenario.yaml"

// IsFile reports whether a name is that of a scenario file.
func IsFile(name string) bool { return strings.HasSuffix(strings.ToLower(filepath.Base(name)), suffix) }

// Found is what Find found.
type Found struct {
	Files   []string // scenario files, sorted
	Folders []string // that were searched
	Cannot  []error  // for what can't be read in them; the rest was
}

// Find looks for the scenario files that paths stand for: files themselves, and
// of folders those in them and below. A file that is named may have any name.
func Find(paths []string) (Found, error) {
	var found Found
	for _, path := range paths {
		if err := found.add(path); err != nil {
			return found, err
		}
	}
	slices.Sort(found.Files)
	found.Files = slices.Compact(found.Files)
	return found, nil
}

func (f *Found) add(path string) error {
	if path == Stdin {
		f.Files = append(f.Files, path)
		return nil
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return err
	case info.IsDir():
		return f.addFolder(path)
	case isPolicyFile(path):
		return fmt.Errorf("%s: a policy file, where a scenario file is wanted, which names the policies that it tests", path)
	}
	if clean := filepath.Clean(path); clean != Stdin { // "./-" is a file
		path = clean
	}
	f.Files = append(f.Files, path)
	return nil
}

func (f *Found) addFolder(path string) error {
	tree := walk.Folder(path)
	cannot := slices.Concat(tree.Errors, unreadable(tree.Special))
	f.Folders = append(f.Folders, tree.Folders...)
	f.Cannot = append(f.Cannot, cannot...)
	none := true
	for _, at := range tree.Files {
		if IsFile(at) {
			f.Files = append(f.Files, at)
			none = false
		}
	}
	if none && len(cannot) == 0 {
		return fmt.Errorf("%s: no *%s in this folder or below", path, suffix)
	}
	return nil
}

// isPolicyFile reports whether a name is that of a source or a compiled file,
// which are easily given in place of a scenario file.
func isPolicyFile(name string) bool {
	ext := strings.ToLower(filepath.Ext(name))
	return ext == ".rss" || ext == ".rpp" || ext == ".rsc"
}

// unreadable returns an error for each pipe, device or link that leads nowhere
// that is named like a scenario file.
func unreadable(special []string) []error {
	var errs []error
	for _, path := range special {
		if IsFile(path) {
			errs = append(errs, readfile.Unusable(path))
		}
	}
	return errs
}
