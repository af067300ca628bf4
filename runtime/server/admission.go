package server

import (
	"errors"
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
	changes := a.server.calls.count() // before the identity: no change is missed
	identity, err := a.server.identify(peerOf(r))
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
	ctx, over := a.server.underWay(r, identity, changes)
	defer over()
	w, r = bounded(w, r.WithContext(ctx))
	earning(r)
	a.next.ServeHTTP(w, r)
	if r.Context().Err() == nil { // else the caller has taken it back
		readsIn(r.Context()).earn()
	}
}

func (s *Server) identify(p Peer) (Identity, error) {
	identity, err := s.opt.Identify.Identify(p)
	if err != nil {
		return identity, connect.NewError(connect.CodeUnauthenticated, err)
	}
	if identity.Name == "" {
		return identity, connect.NewError(connect.CodeUnauthenticated, errors.New("the caller has no name"))
	}
	return identity, nil
}

// lasting reports whether a call has many messages of its caller.
func lasting(procedure string) bool {
	return procedure == upsv1connect.PlugInServiceAttachProcedure || procedure == upsv1connect.SessionServiceAuthoriseManyProcedure
}

// heldBy returns what a call takes of its caller.
func heldBy(procedure string) resource {
	switch procedure {
	case upsv1connect.SessionServiceConnectProcedure, upsv1connect.PlugInServiceAttachProcedure:
		return aSession
	case upsv1connect.SessionServiceAuthoriseManyProcedure:
		return aStream
	}
	return aRequest
}

func (a *admission) refused(w http.ResponseWriter, r *http.Request, err error) {
	a.server.logRefused(r.Context(), r.URL.Path, err)
	if !a.refuse.IsSupported(r) {
		http.Error(w, err.Error(), http.StatusForbidden)
		return
	}
	if err := a.refuse.Write(w, r, err); err != nil {
		a.server.opt.Log.LogAttrs(r.Context(), slog.LevelDebug, "refusal not written", slog.String("error", err.Error()))
	}
}
