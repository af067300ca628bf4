package server

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// refusalsLogged is how many refusals are logged in a second: who may connect and
// nothing else is refused as often as it likes, and a log that it fills hides others.
const refusalsLogged = 20

// procedureLogged is how much of the name of a procedure is logged, in bytes: it is what
// the caller says.
const procedureLogged = 100

// refusals are the calls that were refused in a second.
type refusals struct {
	mu     sync.Mutex
	second int64
	n      int
}

// count counts one, and reports whether it is to be logged. With the first of a second
// it returns how many weren't in the last one that had any.
func (r *refusals) count(now time.Time) (log bool, left int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := now.Unix(); s != r.second {
		left = max(0, r.n-refusalsLogged)
		r.second, r.n = s, 0
	}
	r.n++
	return r.n <= refusalsLogged, left
}

// logRefused logs that a call was refused, unless many are.
func (s *Server) logRefused(ctx context.Context, procedure string, err error) {
	log, left := s.refusals.count(time.Now())
	if left > 0 {
		s.opt.Log.LogAttrs(ctx, slog.LevelWarn, "more calls refused than are logged", slog.Int("calls", left))
	}
	if log {
		s.opt.Log.LogAttrs(ctx, slog.LevelWarn, "call refused",
			slog.String("procedure", procedure[:min(len(procedure), procedureLogged)]), slog.String("error", err.Error()))
	}
}
