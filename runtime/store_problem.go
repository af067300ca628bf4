package runtime

import (
	"context"
	"log/slog"
	"sync"

	"ups/policy"
)

// Problem is what is wrong with a file or a folder of a store. It is reported
// once, until it is resolved or changes.
type Problem struct {
	// Level is Error if requests are refused or a folder can't be listed,
	// Warn if a file on the system drive was passed over, Info if a file has
	// nothing to do here.
	Level   slog.Level
	Path    string         // "" if the system doesn't say which folder it can't watch
	Service policy.Service // zero if it isn't about one
	// Err wraps ErrBadPolicyFile or ErrInvalidPolicyFileName, says that a
	// folder has the name of a policy file, or is of the file system. It names
	// the path.
	Err error
}

// LogProblems returns a StoreOptions.Report that logs.
func LogProblems(logger *slog.Logger) func(Problem) {
	return func(p Problem) {
		attrs := []slog.Attr{slog.String("path", p.Path), slog.Any("error", p.Err)}
		if p.Service != (policy.Service{}) {
			name := p.Service.FileName(policy.CompiledExt)
			attrs = append(attrs, slog.String("policies", name))
		}
		logger.LogAttrs(context.Background(), p.Level, "policy store", attrs...)
	}
}

// badFileProblem is the problem of a file that can't be read as a policy file. On the
// system drive it is passed over; on the ROM drive that is fatal
// (docs/service.md, Policy files).
func badFileProblem(d drive, path string, id policy.Service, err error) Problem {
	level := slog.LevelWarn
	if d == romDrive {
		level = slog.LevelError
	}
	return Problem{Level: level, Path: path, Service: id, Err: err}
}

// subject is what a problem is about. A problem that is reported is not reported
// again before it is resolved; when that is, depends on the kind.
type subject struct {
	kind subjectKind
	path string
}

type subjectKind uint8

const (
	ofFile    subjectKind = iota // resolved when the file can be used, or isn't there
	ofListing                    // of a folder; resolved when it can be listed
	ofWatch                      // of a folder; resolved when it can be watched
	ofEvents                     // of the watcher; resolved when an event comes
)

// reporter has each problem reported once.
type reporter struct {
	report    func(Problem)
	callbacks *callbacks
	mu        sync.Mutex
	reported  map[subject]string // messages
}

// add has a problem reported when the callbacks are run.
func (r *reporter) add(kind subjectKind, p Problem) {
	message := p.Err.Error()
	r.mu.Lock()
	defer r.mu.Unlock()
	if c := (subject{kind, p.Path}); r.reported[c] != message {
		r.reported[c] = message
		r.callbacks.add(func() { r.report(p) })
	}
}

// resolved makes sure that a problem will be reported if it comes again.
func (r *reporter) resolved(kind subjectKind, path string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.reported, subject{kind, path})
}

// resolvedElsewhere is resolved for files of other paths than these.
func (r *reporter) resolvedElsewhere(paths map[string]bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.reported {
		if c.kind == ofFile && !paths[c.path] {
			delete(r.reported, c)
		}
	}
}
