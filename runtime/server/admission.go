package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"connectrpc.com/connect"

	"ups/runtime/api/upsv1/upsv1connect"
)

// admission lets calls through to next whose caller is identified, and within
// its limits. It looks at no message.
type admission struct {
	server *Server
	refuse *connect.ErrorWriter
	next   http.Handler
}

func (a *admission) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	identity, err := a.identify(r)
	if err != nil {
		a.refused(w, r, err)
		return
	}
	release, err := a.server.callers.admit(identity.Name, heldBy(r.URL.Path))
	if err != nil {
		a.refused(w, r, err)
		return
	}
	defer release()
	ctx := context.WithValue(context.WithValue(r.Context(), peerKey, peerOf(r)), identityKey, identity)
	w, r = bounded(w, r.WithContext(ctx))
	earning(r)
	a.next.ServeHTTP(w, r)
	if r.Context().Err() == nil { // else the caller has taken it back
		readsOf(r).earn()
	}
}

func (a *admission) identify(r *http.Request) (Identity, error) {
	identity, err := a.server.opt.Identify.Identify(peerOf(r))
	if err != nil {
		return identity, connect.NewError(connect.CodeUnauthenticated, err)
	}
	if identity.Name == "" {
		return identity, connect.NewError(connect.CodeUnauthenticated, errors.New("the caller has no name"))
	}
	return identity, nil
}

// heldBy returns what a call takes of its caller.
func heldBy(procedure string) resource {
	switch procedure {
	case upsv1connect.SessionServiceConnectProcedure, upsv1connect.PlugInServiceAttachProcedure:
		return aSession
	}
	return aRequest
}

func (a *admission) refused(w http.ResponseWriter, r *http.Request, err error) {
	a.server.opt.Log.LogAttrs(r.Context(), slog.LevelWarn, "call refused",
		slog.String("procedure", r.URL.Path), slog.String("error", err.Error()))
	if !a.refuse.IsSupported(r) {
		http.Error(w, err.Error(), http.StatusForbidden)
		return
	}
	if err := a.refuse.Write(w, r, err); err != nil {
		a.server.opt.Log.LogAttrs(r.Context(), slog.LevelDebug, "refusal not written", slog.String("error", err.Error()))
	}
}

func errorf(format string, args ...any) error { return fmt.Errorf(format, args...) }
