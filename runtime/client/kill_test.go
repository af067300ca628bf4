//go:build unix

package client

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ups/policy"
	"ups/runtime"
	"ups/runtime/decision"
	"ups/runtime/decision/sqlite"
	"ups/runtime/server"
	"ups/runtime/service"
)

var kills = flag.Int("kills", 5, "how often a server under load is killed; 200 shows what is promised")

// serverEnv, if it is set, makes the test binary a server.
const serverEnv = "UPS_TEST_SERVER"

func TestMain(m *testing.M) {
	if os.Getenv(serverEnv) == "" {
		os.Exit(m.Run())
	}
	if err := serveChild(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// user is a dialog creator whose user answers at once: Always to clients with an
// even SID, and Never to the others.
type user struct{ answer policy.Options }

func (u *user) Prepare(_ context.Context, p *service.Prompt) error {
	u.answer = policy.Always
	if p.Client.SID%2 == 1 {
		u.answer = policy.Never
	}
	return nil
}

func (u *user) Display(context.Context, uint32) (service.Choice, error) {
	return service.Choice{Option: u.answer}, nil
}

// serveChild runs a server over a database on disk until it is killed.
func serveChild(rom, database, socket string) error {
	store, err := runtime.Open(rom, "", runtime.StoreOptions{})
	if err != nil {
		return err
	}
	db, err := sqlite.Open(context.Background(), database, sqlite.Options{})
	if err != nil {
		return err
	}
	if err := limitFiles(); err != nil {
		return err
	}
	s, err := service.New(service.Options{Store: store, DB: db, Idle: -1, PlugIns: service.Registry{
		DialogCreators: map[uint32]service.DialogCreatorFactory{
			theCreator: func(uint32) (service.DialogCreator, error) { return &user{}, nil },
		},
	}})
	if err != nil {
		return err
	}
	api, err := server.New(server.Options{Service: s, Identify: everybody{}})
	if err != nil {
		return err
	}
	if err := os.Remove(socket); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	l, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	return api.HTTPServer().Serve(api.Listener(l))
}

// everybody is who may authorise.
type everybody struct{}

func (everybody) Identify(server.Peer) (server.Identity, error) {
	return server.Identity{Name: "messages", Caller: service.Caller{SID: theServer, Capabilities: service.ProtServ}}, nil
}

// TestKilled kills a server whose clients have answers stored. What they were told is
// stored is in the database afterwards, and their sessions go on with the next server.
func TestKilled(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.put(theService, policy.Always|policy.Never)
	database := filepath.Join(t.TempDir(), "d.db")
	_, stop := m.startChild(database)
	load := newLoad(t, m.dial(func(o *Options) { o.Wait = time.Minute }))
	for n := range *kills {
		before := load.acknowledged.Load()
		for load.acknowledged.Load() < before+10 {
			load.check()
			time.Sleep(time.Millisecond)
		}
		time.Sleep(rand.N(30 * time.Millisecond))
		stop()
		expectStored(t, n, database, load.told())
		_, stop = m.startChild(database)
	}
	load.end()
	stop()
	expectStored(t, *kills, database, load.told())
	t.Logf("%d kills: %d answers acknowledged, %d requests interrupted", *kills, load.acknowledged.Load(), load.interrupted.Load())
}

// startChild starts a server in a process of its own, with more in its environment; stop
// kills it.
func (m *machine) startChild(database string, env ...string) (server *os.Process, stop func()) {
	m.t.Helper()
	cmd := exec.Command(os.Args[0], m.rom, database, m.socket)
	cmd.Env, cmd.Stderr = append(append(os.Environ(), serverEnv+"=1"), env...), os.Stderr
	if err := cmd.Start(); err != nil {
		m.t.Fatal(err)
	}
	stop = sync.OnceFunc(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	m.t.Cleanup(stop)
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(time.Millisecond) {
		if c, err := net.Dial("unix", m.socket); err == nil {
			c.Close()
			return cmd.Process, stop
		}
		if time.Now().After(end) {
			m.t.Fatal("the server doesn't listen")
		}
	}
}

// load is clients of one system server, each of which asks once.
type load struct {
	t                         *testing.T
	session                   *Session
	ctx                       context.Context
	end                       func()
	lastSID                   atomic.Uint32
	acknowledged, interrupted atomic.Int64

	mu     sync.Mutex
	stored map[uint32]decision.Result // what was acknowledged, by client
	failed error
}

func newLoad(t *testing.T, c *Client) *load {
	t.Helper()
	session, err := c.Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	l := &load{t: t, session: session, stored: map[uint32]decision.Result{}}
	ctx, cancel := context.WithCancel(t.Context())
	l.ctx = ctx
	var asking sync.WaitGroup
	for range 4 {
		asking.Go(l.ask)
	}
	l.end = func() {
		cancel()
		asking.Wait()
		l.check()
	}
	t.Cleanup(l.end)
	return l
}

// ask asks until the load ends.
func (l *load) ask() {
	for l.ctx.Err() == nil {
		sid := l.lastSID.Add(1)
		o, err := l.authorise(sid)
		switch {
		case l.ctx.Err() != nil:
			return
		case errors.Is(err, ErrInterrupted) || errors.Is(err, ErrUnavailable):
			l.interrupted.Add(1)
		case err != nil || o.Stored == 0 || o.Decision.Allows() != (sid%2 == 0):
			l.fail(fmt.Errorf("client %d: %+v, %w", sid, o, err))
			return
		default:
			l.store(sid)
		}
	}
}

func (l *load) authorise(sid uint32) (service.Outcome, error) {
	sub, err := l.session.Open(service.Client{SID: sid})
	if err != nil {
		return service.Outcome{}, err
	}
	defer sub.Close() // it has no request under way
	return sub.Authorise(l.ctx, aQuery)
}

func (l *load) store(sid uint32) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stored[sid] = decision.Always
	if sid%2 == 1 {
		l.stored[sid] = decision.Never
	}
	l.acknowledged.Add(1)
}

func (l *load) fail(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failed = errors.Join(l.failed, err)
}

func (l *load) check() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.failed != nil {
		l.t.Fatal(l.failed)
	}
}

func (l *load) told() map[uint32]decision.Result {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.stored)
}

// expectStored expects every answer of told in the database.
func expectStored(t *testing.T, kill int, database string, told map[uint32]decision.Result) {
	t.Helper()
	db, err := sqlite.Open(t.Context(), database, sqlite.Options{})
	if err != nil {
		t.Fatalf("kill %d: %v", kill, err)
	}
	defer db.Close()
	for rec, err := range db.List(t.Context(), decision.Filter{}) {
		if err != nil {
			t.Fatalf("kill %d: %v", kill, err)
		}
		if want, ok := told[rec.Client]; ok && rec.Result == want {
			delete(told, rec.Client)
		}
	}
	if len(told) > 0 {
		t.Fatalf("kill %d: %d acknowledged answers aren't in the database: %v", kill, len(told), told)
	}
}
