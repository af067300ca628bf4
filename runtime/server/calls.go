package server

import (
	"context"
	"fmt"
	"net/http"
	"sync"

	"ups/runtime/api/upsv1/upsv1connect"
	"ups/runtime/service"
)

// IdentitiesChanged is for when Options.Identify says something else than before. It
// takes effect for calls that begin at once; those under way whose caller has another
// name, SID or other capabilities now end, and so do the attachments of those who may
// not be a plug-in any more.
func (s *Server) IdentitiesChanged() {
	open := s.calls.changed()
	for _, c := range open {
		if !c.isSession() {
			s.check(c)
		}
	}
	for _, c := range open { // with a session ends what was asked in it, if that hasn't
		if c.isSession() {
			s.check(c)
		}
	}
}

// underWay notes a call that begins, of whom the identity was found when identities had
// changed so often. It returns the context of the call, which ends when over is called,
// or the identity changes.
func (s *Server) underWay(r *http.Request, who Identity, changes int) (ctx context.Context, over func()) {
	ctx = context.WithValue(context.WithValue(r.Context(), peerKey, peerOf(r)), identityKey, who)
	ctx, end := context.WithCancelCause(ctx)
	c := &openCall{procedure: r.URL.Path, peer: peerIn(ctx), caller: who, end: end}
	if s.calls.add(c, changes) {
		s.check(c)
	}
	return ctx, func() {
		s.calls.remove(c)
		end(nil)
	}
}

// check ends a call if its caller has changed.
func (s *Server) check(c *openCall) {
	if now, err := s.identify(c.peer); err != nil || c.lost(&now) {
		c.end(c.why())
	}
}

// calls are those under way.
type calls struct {
	mu      sync.Mutex
	open    map[*openCall]struct{}
	changes int // how often identities have changed
}

// openCall is one of them, which may last.
type openCall struct {
	procedure string
	peer      Peer
	caller    Identity
	end       context.CancelCauseFunc
}

// changed counts a change, and returns the calls under way.
func (c *calls) changed() (open []*openCall) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changes++
	for k := range c.open {
		open = append(open, k)
	}
	return open
}

func (c *calls) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.changes
}

// add notes a call, and reports whether identities have changed since they had so often.
func (c *calls) add(k *openCall, changes int) (changed bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open == nil {
		c.open = map[*openCall]struct{}{}
	}
	c.open[k] = struct{}{}
	return c.changes != changes
}

func (c *calls) remove(k *openCall) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.open, k)
}

func (c *openCall) isSession() bool {
	return c.procedure == upsv1connect.SessionServiceConnectProcedure
}

// lost reports whether the caller isn't any more who may make the call.
func (c *openCall) lost(now *Identity) bool {
	switch c.procedure {
	case upsv1connect.PlugInServiceAttachProcedure:
		return c.caller.lost(now)
	case upsv1connect.StatusServiceReloadProcedure:
		return now.Name != c.caller.Name || !now.Reload
	}
	return now.Name != c.caller.Name || now.Caller != c.caller.Caller
}

// why returns what the caller is told. The stream of a session, or of a plug-in, can be
// had again, with what the caller is now; of what was asked it is not known what the
// service would say.
func (c *openCall) why() error {
	switch c.procedure {
	case upsv1connect.SessionServiceConnectProcedure, upsv1connect.PlugInServiceAttachProcedure:
		return fmt.Errorf("%w: the configuration has changed, connect again", ErrNoSession)
	}
	return fmt.Errorf("%w: the configuration has changed for %s", service.ErrPermissionDenied, c.caller.Name)
}
