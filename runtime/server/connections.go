package server

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
)

// connections are those that are open. A peer who has too many gets no more,
// before anything is read from them, so that they cost little.
type connections struct {
	mu     sync.Mutex
	byConn map[net.Conn]string // whose it is
	byPeer map[string]*openOf
}

// openOf is what one peer has open.
type openOf struct {
	connections int
	refused     bool // since it last had fewer than the limit: that is logged once
}

// limitConnection counts a connection, and closes it if it is one too many.
func (s *Server) limitConnection(ctx context.Context, c net.Conn, peer Peer) {
	name := peerName(c, peer)
	limit, first := s.open.add(c, name, &s.opt.Limits)
	if limit == "" {
		return
	}
	if first {
		s.opt.Log.LogAttrs(ctx, slog.LevelWarn, "connections are refused: "+limit, slog.String("peer", name))
	}
	c.Close() // nothing is lost with an error: there is nobody to tell
}

// connState is http.Server.ConnState. A connection is closed once, or hijacked,
// which the API doesn't do.
func (s *Server) connState(c net.Conn, state http.ConnState) {
	if state == http.StateClosed || state == http.StateHijacked {
		s.open.remove(c, &s.opt.Limits)
	}
}

// peerName returns who counts as one peer: a user of this system, or an address.
func peerName(c net.Conn, peer Peer) string {
	if peer.Unix != nil {
		return fmt.Sprintf("uid %d", peer.Unix.UID)
	}
	if c.RemoteAddr() == nil {
		return ""
	}
	host, _, err := net.SplitHostPort(c.RemoteAddr().String())
	if err != nil {
		return c.RemoteAddr().Network() // a Unix socket whose peers aren't known
	}
	return host
}

// add counts a connection, or returns the limit that it is over, and whether the
// peer went over it just now.
func (o *connections) add(c net.Conn, name string, l *Limits) (limit string, first bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.byConn == nil {
		o.byConn, o.byPeer = map[net.Conn]string{}, map[string]*openOf{}
	}
	of := o.byPeer[name]
	if of == nil {
		of = &openOf{}
	}
	switch {
	case of.connections >= l.Connections:
		limit = fmt.Sprintf("the limit of a peer is %d", l.Connections)
	case len(o.byConn) >= l.AllConnections:
		limit = fmt.Sprintf("the limit of all peers is %d", l.AllConnections)
	default:
		of.connections++
		o.byConn[c], o.byPeer[name] = name, of
		return "", false
	}
	first = !of.refused
	of.refused = true
	return limit, first
}

// remove forgets a connection that is closed, if it was counted.
func (o *connections) remove(c net.Conn, l *Limits) {
	o.mu.Lock()
	defer o.mu.Unlock()
	name, counted := o.byConn[c]
	if !counted {
		return
	}
	delete(o.byConn, c)
	of := o.byPeer[name]
	of.connections--
	of.refused = of.refused && of.connections > l.Connections/2
	if of.connections == 0 {
		delete(o.byPeer, name)
	}
}
