package service

import (
	"context"
	"os"
	"path/filepath"
	goruntime "runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"weak"

	"ups/policy"
	"ups/runtime"
	"ups/runtime/decision"
)

// askingFile makes a policy file that asks, of that major and minor version.
func askingFile(major, minor uint16) *policy.File {
	f := list(offer(policy.AllOptions))
	f.Header.MajorVersion, f.Header.MinorVersion = major, minor
	return f
}

// observer makes a session of the software-install observer.
func (g *fixture) observer() *Management {
	g.t.Helper()
	m, err := g.server.Manage(Caller{SID: SoftwareInstallObserver})
	if err != nil {
		g.t.Fatal(err)
	}
	return m
}

// changed reports to the service that policy files have changed.
func (g *fixture) changed() {
	g.t.Helper()
	m := g.observer()
	defer m.Close()
	if err := m.PolicyFilesChanged(context.Background()); err != nil {
		g.t.Fatal(err)
	}
}

// keepFor keeps an answer of anApp to a service, of that major version.
func (g *fixture) keepFor(service uint32, major uint16) {
	g.t.Helper()
	key := decision.Key{Client: anApp, Service: service, Server: theServer, Major: major}
	if _, err := g.db.Store(context.Background(), decision.Record{Key: key, Result: decision.Always}); err != nil {
		g.t.Fatal(err)
	}
}

// majors returns the services and major versions of what is stored.
func (g *fixture) majors() (all []uint32) {
	for _, r := range g.records() {
		all = append(all, r.Service*100+uint32(r.Major))
	}
	return all
}

// An answer to policies that changed meanwhile, which the database fails to
// take back, isn't there for anyone, and is deleted as soon as that works.
func TestAnswerToFormerPoliciesThatCantBeTakenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := &undeletable{fails: 2}
		g := newFixture(t, askingFile(0, 0), func(o *Options) { db.DB, o.DB = o.DB, db })
		p := g.begin(anApp, "x")
		synctest.Wait()
		putFile(t, g.system, theService, askingFile(1, 0))
		g.changed()
		g.next("x").choose(policy.Always)
		synctest.Wait()
		expect(t, p, policy.DecisionSessionYes)
		if o := g.last(); o.Stored != 0 {
			t.Errorf("record %d is said to be stored", o.Stored)
		}
		for rec, err := range g.manager().Records(t.Context(), decision.Filter{}) {
			t.Errorf("management lists %v, %v", rec, err)
		}
		time.Sleep(retryAfter + retryAfter/2)
		synctest.Wait()
		if n := len(g.records()); n != 1 || db.fails != 0 {
			t.Errorf("after one more try %d records, %d failures left", n, db.fails)
		}
		time.Sleep(retryAfter)
		equal(t, "stored", g.results())
	})
}

// spoil puts a file in place of a service's that can't be read as one.
func spoil(t testing.TB, folder string, service uint32) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, policy.Service{Server: theServer, Service: service}.FileName(policy.CompiledExt)), []byte("torn"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// overtaken is a database whose first purge takes as long as another reload
// needs to take effect, if it can.
type overtaken struct {
	decision.DB
	once   sync.Once
	reload func()
}

func (d *overtaken) Purge(ctx context.Context, active map[decision.Service]uint16, spare []decision.Service) (int, error) {
	d.once.Do(d.reload)
	return d.DB.Purge(ctx, active, spare)
}

// No reload overtakes a purge: what is void for the version that the purge
// knows is an answer to the next one.
func TestNoReloadOvertakesAPurge(t *testing.T) {
	var db overtaken
	g := newFixture(t, askingFile(1, 0), func(o *Options) { db.DB, o.DB = o.DB, &db })
	reloaded, early := make(chan error, 1), false
	db.reload = func() {
		putFile(t, g.rom, theService, askingFile(2, 0))
		go func() { reloaded <- g.store.Reload() }()
		for range 100 {
			time.Sleep(time.Millisecond)
			if l, err := g.store.List(theServer, theService); err == nil && l.File().Header.MajorVersion == 2 {
				g.keepFor(theService, 2)
				early = true
				return
			}
		}
	}
	g.changed() // nothing is new, and so the purge is not that of a reload
	if err := <-reloaded; err != nil {
		t.Fatal(err)
	}
	if !early {
		g.keepFor(theService, 2)
	}
	g.changed()
	equal(t, "kept", g.majors(), theService*100+2)
}

// Under the race detector this fails if a server comes, or a reload takes
// effect, without the lock that both need.
func TestReloadsBesideNewServers(t *testing.T) {
	g := newFixture(t, askingFile(1, 0))
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			for n := range 40 {
				name := policy.Service{Server: theServer, Service: uint32(100 + n%2)}.FileName(policy.CompiledExt)
				if n%4 < 2 {
					os.WriteFile(filepath.Join(g.system, name), []byte("torn"), 0o600)
				} else {
					os.Remove(filepath.Join(g.system, name))
				}
				if err := g.store.Reload(); err != nil {
					t.Error(err)
				}
			}
		})
		all.Go(func() {
			for range 40 {
				s, err := New(Options{Store: g.store, DB: decision.NewMemory()})
				if err != nil {
					t.Error(err)
					return
				}
				s.Close()
			}
		})
	}
	all.Wait()
	before := g.server.policies.version()
	putFile(t, g.rom, theService, askingFile(2, 0))
	reload(t, g.store)
	if n := g.server.policies.version() - before; n != 1 {
		t.Errorf("the server was called %d times for one reload", n)
	}
}

// A server that has ended doesn't block its store.
func TestStoreOutlivesServers(t *testing.T) {
	g := newFixture(t, askingFile(0, 0))
	g.keepFor(theService, 9)
	g.server.Close()
	putFile(t, g.rom, theService, askingFile(1, 0))
	if err := g.store.Reload(); err != nil {
		t.Fatal(err)
	}
	equal(t, "kept", g.majors(), theService*100+9)
	s, err := New(Options{Store: g.store, DB: g.db})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if ended := endedServer(t, g); !collected(ended) {
		t.Error("the store holds on to a server that has ended")
	}
	putFile(t, g.rom, theService, askingFile(2, 0))
	if err := g.store.Reload(); err != nil {
		t.Fatal(err)
	}
	equal(t, "kept", g.majors())
}

// endedServer returns a server of the fixture's store that has ended.
func endedServer(t *testing.T, g *fixture) weak.Pointer[Server] {
	s, err := New(Options{Store: g.store, DB: g.db})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	return weak.Make(s)
}

func collected(s weak.Pointer[Server]) bool {
	for range 10 {
		goruntime.GC()
		if s.Value() == nil {
			return true
		}
	}
	return false
}

// An answer is kept, and the gate given up, while the file that came meanwhile
// is waited for; it goes with the purge that follows.
func TestAnswerIsKeptWithoutTheFile(t *testing.T) {
	g := newFixtureOver(t, askingFile(0, 0), runtime.StoreOptions{Settle: 500 * time.Millisecond})
	p := g.begin(anApp, "x")
	dialog := <-g.user.asks
	if err := os.Remove(g.path(theService)); err != nil {
		t.Fatal(err)
	}
	reload(t, g.store)
	if _, err := g.store.Watch(t.Context()); err != nil {
		t.Fatal(err)
	}
	putFile(t, g.rom, theService, askingFile(1, 0)) // being written: the purge waits until it rests
	reloaded := make(chan error, 1)
	go func() { reloaded <- g.store.Reload() }()
	for g.store.Outdated(theServer, theService, 0) {
		time.Sleep(time.Millisecond)
	}
	dialog.choose(policy.Always)
	<-p.done
	expect(t, p, policy.DecisionSessionYes)
	equal(t, "stored", g.results(), "always")
	if err := <-reloaded; err != nil {
		t.Error(err)
	}
	equal(t, "stored after the purge", g.results())
}

// A Report of a session that fetches its configuration may ask for one.
func TestReportMayAskASession(t *testing.T) {
	g := newFixture(t, askingFile(0, 0))
	asked := make(chan error, 1)
	spoil(t, g.rom, 7)
	store, err := runtime.Open(g.rom, "", runtime.StoreOptions{Report: func(runtime.Problem) {
		_, err := g.session.Config(t.Context(), theService)
		asked <- err
	}})
	if err != nil {
		t.Fatal(err)
	}
	g.server.opt.Store = store // no purge has loaded its files
	g.server.policies.change()
	for _, fetch := range []func() error{
		func() error { _, err := g.session.Config(t.Context(), 7); return err },
		func() error { return <-asked },
	} {
		if err := returns(t, fetch); err != nil {
			t.Error(err)
		}
	}
}

// A purge loads the files that nobody has needed, while it holds the store.
func TestReportOfAPurgeMayUseTheStore(t *testing.T) {
	g := newFixture(t, askingFile(0, 0))
	reported := 0
	g.report = func(runtime.Problem) {
		reported++
		g.store.List(theServer, theService)
		reload(t, g.store)
	}
	spoil(t, g.rom, 7)
	returns(t, func() error { g.changed(); return nil })
	if reported != 1 {
		t.Errorf("%d problems are reported", reported)
	}
}

// returns calls f, and fails if it doesn't return.
func returns(t *testing.T, f func() error) error {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- f() }()
	select {
	case err := <-done:
		return err
	case <-time.After(time.Minute):
		t.Fatal("it hangs")
		return nil
	}
}
