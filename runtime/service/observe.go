package service

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// Metrics receives what can be counted and timed. Its methods are called from
// many goroutines, some of them under locks of the server: they must return at
// once, and not call the server.
type Metrics interface {
	// Waiting is called with the number of requests that wait for the gate,
	// whenever it changes.
	Waiting(requests int)
	// Sessions is called with the number of open sessions, whenever it changes.
	Sessions(open int)
	// PlugIn is called after each call of a plug-in, with the context of the request.
	PlugIn(context.Context, PlugInCall)
	// Fault is called when an operation of the database fails, and the service
	// goes on without; doing says what it was.
	Fault(doing string, err error)
}

// PlugInCall is a call of a plug-in that has ended, or was given up.
type PlugInCall struct {
	Kind     string // "policy evaluator" or "dialog creator"
	UID      uint32
	Call     string // "find", "fingerprints", "force prompt", "prepare" or "display"
	Duration time.Duration
	Err      error
}

const (
	evaluatorPlugIn = "policy evaluator"
	creatorPlugIn   = "dialog creator"
)

// observed reports whether requests are reported.
func (s *Server) observed() bool {
	return s.opt.Log != nil || s.opt.OnOutcome != nil || s.opt.OnRequest != nil
}

// observe reports a request that has ended.
func (s *Server) observe(ctx context.Context, o *Outcome, err error) {
	if s.opt.OnOutcome != nil {
		s.opt.OnOutcome(ctx, *o, err)
	}
	s.logOutcome(ctx, o, err)
}

// observeCall reports a call of a plug-in; ctx is that of the request.
func (s *Server) observeCall(ctx context.Context, c PlugInCall) {
	if s.opt.Metrics != nil {
		s.opt.Metrics.PlugIn(ctx, c)
	}
	level, message := slog.LevelDebug, "plug-in called"
	switch {
	case cancelled(ctx, c.Err):
		message = "plug-in cancelled"
	case c.Err != nil:
		level, message = slog.LevelWarn, "plug-in failed"
	}
	if s.opt.Log == nil || !s.opt.Log.Enabled(ctx, level) {
		return
	}
	attrs := append(make([]slog.Attr, 0, 6), slog.String("plugin", c.Kind), hex("uid", c.UID),
		slog.String("call", c.Call), slog.Duration("duration", c.Duration))
	if c.Err != nil {
		attrs = append(attrs, s.opt.Mask.err(c.Err), stack(c.Err))
	}
	s.log(ctx, level, message, attrs...)
}

// cancelled reports whether an error is that the request's ctx is done, which is
// no fault of a plug-in.
func cancelled(ctx context.Context, err error) bool {
	return ctx.Err() != nil && (errors.Is(err, ctx.Err()) || errors.Is(err, context.Cause(ctx)))
}

// fault reports a failed operation that the service goes on without.
func (s *Server) fault(ctx context.Context, doing string, err error) {
	if s.opt.Metrics != nil {
		s.opt.Metrics.Fault(doing, err)
	}
	s.log(ctx, slog.LevelError, "fault", slog.String("doing", doing), slog.Any("error", err))
}
