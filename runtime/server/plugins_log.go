package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"connectrpc.com/connect"
)

// plugInLog logs what becomes of a program that attaches as a plug-in: while there is
// none, or it is the wrong one, every request that needs it fails.
type plugInLog struct {
	log    *slog.Logger
	plugIn PlugIn
	caller string // Identity.Name
}

func (l plugInLog) attached(ctx context.Context) {
	l.event(ctx, slog.LevelInfo, "plug-in attached")
}

func (l plugInLog) refused(ctx context.Context, why error) {
	l.event(ctx, slog.LevelWarn, "plug-in refused", slog.String("reason", reasonOf(why)))
}

func (l plugInLog) detached(ctx context.Context, why error) {
	l.event(ctx, slog.LevelInfo, "plug-in detached", slog.String("reason", reasonOf(why)))
}

func (l plugInLog) event(ctx context.Context, level slog.Level, what string, more ...slog.Attr) {
	attrs := []slog.Attr{
		slog.String("plugin", l.plugIn.kind()), slog.String("uid", fmt.Sprintf("0x%08X", l.plugIn.UID)),
		slog.String("identity", l.caller), slog.Any("peer", peerIn(ctx)),
	}
	l.log.LogAttrs(ctx, level, what, append(attrs, more...)...)
}

// reasonOf returns why a program is attached no more, for people: a call that the
// program cancels and a connection that is lost look alike.
func reasonOf(err error) string {
	if errors.Is(err, context.Canceled) || connect.CodeOf(err) == connect.CodeCanceled {
		return "the plug-in has ended its call, or its connection was lost"
	}
	if e := new(connect.Error); errors.As(err, &e) {
		return e.Message()
	}
	return err.Error()
}

// LogValue is what the system says of a peer, without what it doesn't know.
func (p Peer) LogValue() slog.Value {
	var attrs []slog.Attr
	if u := p.Unix; u != nil {
		attrs = append(attrs, slog.Uint64("uid", uint64(u.UID)), slog.Uint64("gid", uint64(u.GID)), slog.Int("pid", int(u.PID)))
		attrs = append(attrs, unlessEmpty("executable", u.Executable), unlessEmpty("unit", u.Unit))
	}
	if p.Certificate != nil {
		attrs = append(attrs, slog.String("certificate", p.Certificate.Subject.String()))
	}
	return slog.GroupValue(attrs...)
}

// unlessEmpty returns an attribute, or if there is nothing to say none: a handler leaves the
// zero Attr out.
func unlessEmpty(name, value string) slog.Attr {
	if value == "" {
		return slog.Attr{}
	}
	return slog.String(name, value)
}
