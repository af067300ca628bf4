package runtime

import (
	"context"
	"log/slog"
	"sync"

	"ups/policy"
)

// Problem is what a store has to say about a file or a folder. It is said
// once, until it is settled or changes.
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

// LogProblems gives a StoreOptions.Report that logs.
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

// unsound is the problem of a file that can't be read as a policy file. On the
// system drive it is passed over; on the ROM drive that is fatal
// (docs/service.md, Policy files).
func unsound(d drive, path string, id policy.Service, err error) Problem {
	level := slog.LevelWarn
	if d == romDrive {
		level = slog.LevelError
	}
	return Problem{Level: level, Path: path, Service: id, Err: err}
}

// concern is what a problem is about. One that is said is not said again
// before it has ended, which each kind finds out in a way of its own.
type concern struct {
	kind concernKind
	path string
}

type concernKind uint8

const (
	aFile     concernKind = iota // ends when the file is sound, or not there
	aListing                     // of a folder; ends when it can be listed
	aWatch                       // of a folder; ends when it can be watched
	theEvents                    // of the watcher; ends when an event comes
)

// reporter has each problem reported once.
type reporter struct {
	report    func(Problem)
	callbacks *callbacks
	mu        sync.Mutex
	said      map[concern]string
}

// say has a problem reported when the callbacks are run.
func (r *reporter) say(kind concernKind, p Problem) {
	message := p.Err.Error()
	r.mu.Lock()
	defer r.mu.Unlock()
	if c := (concern{kind, p.Path}); r.said[c] != message {
		r.said[c] = message
		r.callbacks.add(func() { r.report(p) })
	}
}

// ended makes sure that a problem will be said if it comes again.
func (r *reporter) ended(kind concernKind, path string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.said, concern{kind, path})
}

// endedElsewhere is ended for files of other paths than these.
func (r *reporter) endedElsewhere(paths map[string]bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.said {
		if c.kind == aFile && !paths[c.path] {
			delete(r.said, c)
		}
	}
}
