package server

import (
	"crypto/tls"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"connectrpc.com/connect"

	"ups/runtime/api/upsv1"
	"ups/runtime/service"
)

// oneConnection is a listener that has one connection.
type oneConnection struct {
	net.Listener
	conn net.Conn
}

func (l oneConnection) Accept() (net.Conn, error) { return l.conn, nil }

// readAll returns how long n bytes take that are sent one by one.
func readAll(t *testing.T, of *reads, n int, after func()) time.Duration {
	t.Helper()
	here, there := net.Pipe()
	defer here.Close()
	c, err := new(Server).Listener(oneConnection{conn: there}).Accept()
	if err != nil {
		t.Fatal(err)
	}
	metered(c).reads.Store(of)
	go func() {
		for range n {
			here.Write([]byte{0})
		}
	}()
	start := time.Now()
	for range n {
		if _, err := io.ReadFull(c, make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
		after()
	}
	return time.Since(start)
}

// Once a peer has had what may be read at once, it is read at a steady pace; idle
// time and completed calls give it back, up to what a new peer has.
func TestFloodIsReadSlowly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var of reads
		nothing := func() {}
		if d := readAll(t, &of, readsAtOnce, nothing); d != 0 {
			t.Errorf("what may be read at once takes %v", d)
		}
		near := func(what string, got, want time.Duration) {
			t.Helper()
			if got < want*99/100 || got > want*101/100 {
				t.Errorf("%s takes %v, want %v", what, got, want)
			}
		}
		near("five seconds' worth", readAll(t, &of, 5*readsASecond, nothing), 5*time.Second)
		if d := readAll(t, &of, readsASecond, of.earn); d > 10*time.Millisecond {
			t.Errorf("reads of completed calls take %v", d)
		}
		time.Sleep(time.Hour)
		of.earn()
		near("a tenth of a second's worth more than at once", readAll(t, &of, readsAtOnce+readsASecond/10, nothing), time.Second/10)
	})
}

// No connection is left alone for longer than the longest pause, however many
// connections its peer has.
func TestPausesEnd(t *testing.T) {
	var of reads
	now := time.Now()
	for range readsAtOnce + 10*readsASecond {
		of.take(now)
	}
	if d := of.take(now); d != longestPause {
		t.Errorf("a pause of %v", d)
	}
	if of.full(now.Add(time.Second)) || !of.full(now.Add(time.Hour)) {
		t.Error("a peer in debt counts as new, or never again")
	}
}

// readsOf returns what a peer may have read now.
func (o *connections) readsOf(name string) float64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	of := &o.byPeer[name].reads
	of.mu.Lock()
	defer of.mu.Unlock()
	of.passed(time.Now())
	return of.left
}

// Who completes calls earns more than they cost, and who takes them back nothing.
func TestCallsEarnTheirReads(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.Peer = users(1, 2, 3) })
	q := connect.NewRequest(&upsv1.AuthoriseRequest{Client: &upsv1.Client{Sid: 1}, Query: &upsv1.Query{Service: theService, Destination: "x"}})
	for range 1000 {
		for _, c := range []connect.ClientOption{connect.WithGRPC(), connect.WithProtoJSON()} {
			if _, err := f.sessions(c).Authorise(t.Context(), q); err != nil {
				t.Fatal(err)
			}
		}
	}
	if left := f.server.open.readsOf("uid 1"); left < readsAtOnce-readsOfCall {
		t.Errorf("after 2,000 calls %v reads are left of %d", left, readsAtOnce)
	}
}

// costs returns what a peer does in that time takes of its reads. What time gives back
// meanwhile doesn't count, however fast or slow the machine is.
func (o *connections) costs(name string, in time.Duration) float64 {
	o.spend(name, o.readsOf(name)-readsAtOnce/2)
	begun := time.Now()
	time.Sleep(in)
	back := readsASecond * time.Since(begun).Seconds()
	if back > readsAtOnce/2 { // the machine stalled, and there may be as many as can be
		return 0
	}
	return readsAtOnce/2 + back - o.readsOf(name)
}

// Calls that are taken back earn nothing.
func TestResetsEarnNothing(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.Peer = users(1, 1, 1) })
	first := f.connect() // so that the peer is known
	write(t, first, http2())
	go func() {
		for t.Context().Err() == nil {
			flood(f.socket, nil)
		}
	}()
	f.await("the peer is known", func() bool { return f.server.open.count() > 0 })
	for end := time.Now().Add(patience); f.server.open.costs("uid 1", time.Second/2) < 200; {
		if time.Now().After(end) {
			t.Fatal("there aren't fewer reads left")
		}
	}
}

// A peer that connects anew has the reads that it had left, whoever came meanwhile.
func TestReadsOutlastConnections(t *testing.T) {
	var o connections
	limits := Limits{}.Filled()
	connect := func(name string) (net.Conn, *openOf) {
		c, _ := net.Pipe()
		of, _, _ := o.add(c, name, &limits)
		return c, of
	}
	c, before := connect("a")
	before.reads.take(time.Now())
	o.remove(c, &limits)
	connect("b")
	if _, after := connect("a"); after != before {
		t.Error("a peer that connects anew counts as new")
	}
}

func write(t *testing.T, w io.Writer, text string) {
	t.Helper()
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
}

// A plug-in earns by the answers that it sends.
func TestAnswersOfPlugInsEarn(t *testing.T) {
	a := newAttached(t, service.Limits{})
	a.attach(evaluatorKind, theEvaluator, evaluating)
	a.attach(creatorKind, theCreator, creating)
	for range 500 {
		if _, err := a.authorise("x"); err != nil {
			t.Fatal(err)
		}
	}
	if left := a.server.open.readsOf("unix"); left < readsAtOnce-readsOfCall {
		t.Errorf("after 500 requests %v reads are left of %d", left, readsAtOnce)
	}
}

// The connection of a listener is found below TLS, and what it is of.
func TestMeteredConnections(t *testing.T) {
	plain, there := net.Pipe()
	defer there.Close()
	defer plain.Close()
	m := &meteredConn{Conn: plain}
	for _, c := range []struct {
		conn     net.Conn
		metered  *meteredConn
		accepted net.Conn
	}{
		{plain, nil, plain}, {m, m, plain}, {tls.Server(m, nil), m, plain},
	} {
		if got := metered(c.conn); got != c.metered {
			t.Errorf("%T: metered is %v", c.conn, got)
		}
		if got := accepted(c.conn); got != c.accepted {
			t.Errorf("%T: accepted is %T", c.conn, got)
		}
	}
	go there.Write([]byte("x"))
	if n, err := m.Read(make([]byte, 1)); n != 1 || err != nil { // of whom isn't known yet
		t.Errorf("%d bytes, %v", n, err)
	}
}
