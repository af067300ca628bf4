package server

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
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
	reads       reads
	refused     bool // since it last had fewer than the limit: that is logged once
}

// limitConnection counts a connection, and closes it if it is one too many. It
// returns what its peer may have read.
func (s *Server) limitConnection(ctx context.Context, c net.Conn, peer Peer) *reads {
	name := peerName(c, peer)
	of, limit, first := s.open.add(c, name, &s.opt.Limits)
	if limit == "" {
		return &of.reads
	}
	if first {
		s.opt.Log.LogAttrs(ctx, slog.LevelWarn, "connections are refused: "+limit, slog.String("peer", name))
	}
	c.Close() // nothing is lost with an error: there is nobody to tell
	return &of.reads
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
func (o *connections) add(c net.Conn, name string, l *Limits) (of *openOf, limit string, first bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.byConn == nil {
		o.byConn, o.byPeer = map[net.Conn]string{}, map[string]*openOf{}
	}
	of = o.byPeer[name]
	if of == nil {
		o.forget(time.Now())
		of = &openOf{}
		o.byPeer[name] = of
	}
	switch {
	case of.connections >= l.Connections:
		limit = fmt.Sprintf("the limit of a peer is %d", l.Connections)
	case len(o.byConn) >= l.AllConnections:
		limit = fmt.Sprintf("the limit of all peers is %d", l.AllConnections)
	default:
		of.connections++
		o.byConn[c] = name
		return of, "", false
	}
	first = !of.refused
	of.refused = true
	return of, limit, first
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
}

// forget forgets peers that have no connection, and may have as much read as new
// ones: who connects anew gains nothing.
func (o *connections) forget(now time.Time) {
	for name, of := range o.byPeer {
		if of.connections == 0 && of.reads.full(now) {
			delete(o.byPeer, name)
		}
	}
}
