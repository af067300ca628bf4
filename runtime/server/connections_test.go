package server

import (
	"io"
	"log/slog"
	"maps"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// users says of each connection that it is of the next user in turn.
func users(uids ...uint32) func(net.Conn) Peer {
	var mu sync.Mutex
	return func(net.Conn) Peer {
		mu.Lock()
		defer mu.Unlock()
		uid := uids[0]
		if len(uids) > 1 {
			uids = uids[1:]
		}
		return Peer{Unix: &UnixPeer{UID: uid}}
	}
}

// connectionClosed reports whether the server has closed a connection.
func connectionClosed(t *testing.T, c net.Conn, within time.Duration) bool {
	t.Helper()
	if err := c.SetReadDeadline(time.Now().Add(within)); err != nil {
		t.Fatal(err)
	}
	_, err := io.Copy(io.Discard, c)
	timeout, ok := err.(net.Error)
	return !ok || !timeout.Timeout()
}

func (f *fixture) connect() net.Conn {
	f.t.Helper()
	c, err := net.Dial("unix", f.socket)
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { c.Close() })
	return c
}

// A peer has no more connections than the limit; another peer has its own; and one
// that was closed counts no more.
func TestConnectionsOfAPeer(t *testing.T) {
	var log strings.Builder
	f := newFixture(t, func(o *Options) {
		o.Limits.Connections = 2
		o.Peer = users(1, 1, 1, 1, 2, 1)
		o.Log = slog.New(slog.NewTextHandler(&log, nil))
	})
	first, second := f.connect(), f.connect()
	for range 2 {
		if !connectionClosed(t, f.connect(), callerTime-time.Second) {
			t.Error("a connection over the limit stays open")
		}
	}
	if connectionClosed(t, f.connect(), 50*time.Millisecond) {
		t.Error("another user has no connection")
	}
	if connectionClosed(t, second, 50*time.Millisecond) {
		t.Error("a connection within the limit was closed")
	}
	first.Close()
	f.await("the connection is counted no more", func() bool { return f.server.open.count() == 2 })
	if connectionClosed(t, f.connect(), 50*time.Millisecond) {
		t.Error("after one was closed there is room for none")
	}
	f.api.Close()
	if n := strings.Count(log.String(), "connections are refused"); n != 1 {
		t.Errorf("the refusals were logged %d times:\n%s", n, &log)
	}
	f.await("nothing is left", func() bool { return f.server.open.empty() })
}

// All peers together have no more than the limit of all.
func TestConnectionsOfAll(t *testing.T) {
	f := newFixture(t, func(o *Options) {
		o.Limits.AllConnections = 2
		o.Peer = users(1, 2, 3)
	})
	f.connect()
	f.connect()
	if !connectionClosed(t, f.connect(), callerTime-time.Second) {
		t.Error("a connection over the limit stays open")
	}
}

func (o *connections) count() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.byConn)
}

func (o *connections) empty() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.forget(time.Now().Add(time.Hour))
	return len(o.byConn) == 0 && len(o.byPeer) == 0
}

// patience is how long anything may take that a test waits for, on a machine that has
// other work.
const patience = time.Minute

func (f *fixture) await(what string, holds func() bool) {
	f.t.Helper()
	for end := time.Now().Add(patience); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			f.t.Fatalf("not within %v: %s", patience, what)
		}
	}
}

// A peer without connections is forgotten once it may have as much read as a new one.
func TestPeersAreForgotten(t *testing.T) {
	var o connections
	l := Limits{}.Filled()
	add := func(name string) (net.Conn, *openOf) {
		c, other := net.Pipe()
		t.Cleanup(func() { other.Close(); c.Close() })
		of, limit, _ := o.add(c, name, &l)
		if limit != "" {
			t.Fatal(limit)
		}
		return c, of
	}
	expect := func(when string, want ...string) {
		t.Helper()
		if got := slices.Sorted(maps.Keys(o.byPeer)); !slices.Equal(got, want) {
			t.Errorf("%s: %v are kept, want %v", when, got, want)
		}
	}
	c, of := add("a")
	add("b")
	expect("with a connection", "a", "b")
	of.reads.left, of.reads.at = 0, time.Now()
	o.remove(c, &l)
	add("c")
	expect("with too much read", "a", "b", "c")
	of.reads.at = time.Now().Add(-readsAtOnce * time.Second / readsASecond)
	add("d")
	expect("afterwards", "b", "c", "d")
}

// addressed is a connection of an address.
type addressed struct {
	net.Conn
	addr net.Addr
}

func (a addressed) RemoteAddr() net.Addr { return a.addr }

// A peer is a user of the system, or else an address, whatever the port.
func TestPeerNames(t *testing.T) {
	tcp := &net.TCPAddr{IP: net.IPv6loopback, Port: 77}
	for _, c := range []struct {
		addr net.Addr
		peer Peer
		want string
	}{
		{&net.UnixAddr{Net: "unix"}, Peer{Unix: &UnixPeer{UID: 7}}, "uid 7"},
		{&net.UnixAddr{Net: "unix"}, Peer{}, "unix"},
		{tcp, Peer{}, "::1"},
		{nil, Peer{}, ""}, // it is closed already
	} {
		if got := peerName(addressed{addr: c.addr}, c.peer); got != c.want {
			t.Errorf("%v, %v: %q, want %q", c.addr, c.peer, got, c.want)
		}
	}
}

// That a peer goes over its limit is news once it has had room, and only then.
func TestRefusalIsNews(t *testing.T) {
	var o connections
	l := Limits{Connections: 4}.Filled()
	var open []net.Conn
	add := func(want bool) {
		t.Helper()
		c, _ := net.Pipe()
		_, limit, first := o.add(c, "a", &l)
		if limit == "" {
			open = append(open, c)
		}
		if first != want {
			t.Errorf("with %d connections: news: %v", len(open), first)
		}
	}
	remove := func(n int) {
		for _, c := range open[:n] {
			o.remove(c, &l)
		}
		open = open[n:]
	}
	for range 4 {
		add(false)
	}
	remove(1) // nothing was refused yet
	add(false)
	add(true)
	add(false)
	remove(1)
	add(false)
	add(false) // it has come to the limit again at once
	remove(2)
	add(false)
	add(false)
	add(true)
}
