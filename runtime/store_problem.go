package runtime

import (
	"context"
	"log/slog"
	"sync"

	"ups/runtime/decision"
)

// Problem is what a store has to say about a file or a folder. It is said
// once, until it is settled or changes.
type Problem struct {
	// Level is Error if requests are refused or a folder can't be listed,
	// Warn if a file on the system drive was passed over, Info if a file has
	// nothing to do here.
	Level   slog.Level
	Path    string
	Service decision.Service // zero if it isn't about one
	// Err wraps ErrBadPolicyFile or ErrInvalidPolicyFileName, says that a
	// folder has the name of a policy file, or is of the file system. It names
	// the path.
	Err error
}

// LogProblems gives a StoreOptions.Report that logs.
func LogProblems(logger *slog.Logger) func(Problem) {
	return func(p Problem) {
		attrs := []slog.Attr{slog.String("path", p.Path), slog.Any("error", p.Err)}
		if p.Service != (decision.Service{}) {
			name := FileName(p.Service.Server, p.Service.Service)
			attrs = append(attrs, slog.String("policies", name))
		}
		logger.LogAttrs(context.Background(), p.Level, "policy store", attrs...)
	}
}

// unsound is the problem of a file that can't be read as a policy file. On the
// system drive it is passed over; on the ROM drive that is fatal
// (docs/service.md, Policy files).
func unsound(d drive, path string, id decision.Service, err error) Problem {
	level := slog.LevelWarn
	if d == romDrive {
		level = slog.LevelError
	}
	return Problem{Level: level, Path: path, Service: id, Err: err}
}

// reporter says each problem once.
type reporter struct {
	report func(Problem)
	mu     sync.Mutex
	said   map[string]string // by path
}

func (r *reporter) say(p Problem) {
	message := p.Err.Error()
	r.mu.Lock()
	old := r.said[p.Path]
	r.said[p.Path] = message
	r.mu.Unlock()
	if old != message {
		r.report(p)
	}
}

// forget makes sure that a problem of the path will be said if it comes again.
func (r *reporter) forget(path string) {
	r.mu.Lock()
	delete(r.said, path)
	r.mu.Unlock()
}

// keep forgets what is about other paths.
func (r *reporter) keep(paths map[string]bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for path := range r.said {
		if !paths[path] {
			delete(r.said, path)
		}
	}
}
