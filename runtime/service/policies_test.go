package service

import (
	"context"
	"errors"
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

// Purge: other major versions go, and all of a service without a policy file;
// a minor version changes nothing; a file that can't be used keeps its own.
func TestPurgeOnPolicyChange(t *testing.T) {
	g := newFixture(t, nil)
	for service, major := range map[uint32]uint16{1: 5, 2: 5, 3: 5, 4: 5} {
		putFile(t, g.rom, service, askingFile(major, 0))
	}
	g.changed()
	for service := uint32(1); service <= 5; service++ {
		for major := uint16(4); major <= 6; major++ {
			g.keepFor(service, major)
		}
	}
	putFile(t, g.rom, 1, askingFile(5, 9))    // minor
	putFile(t, g.system, 2, askingFile(6, 0)) // eclipsed by a newer one
	os.Remove(filepath.Join(g.rom, policy.Service{Server: theServer, Service: 3}.FileName(policy.CompiledExt)))
	os.WriteFile(filepath.Join(g.rom, policy.Service{Server: theServer, Service: 4}.FileName(policy.CompiledExt)), []byte("bad"), 0o600)
	g.changed()
	equal(t, "with an unusable file", g.majors(), 105, 206, 404, 405, 406)
	putFile(t, g.rom, 4, askingFile(4, 0))
	os.Remove(filepath.Join(g.system, policy.Service{Server: theServer, Service: 2}.FileName(policy.CompiledExt)))
	g.changed()
	equal(t, "without", g.majors(), 105, 404)
	g.keepFor(1, 9)
	g.changed() // nothing is new: the purge is right all the same
	equal(t, "again", g.majors(), 105, 404)
}

// While the only policy file is corrupt the service refuses, and forgets
// nothing: a Never outlasts it.
func TestNeverOutlastsACorruptFile(t *testing.T) {
	g := newFixture(t, nil)
	putFile(t, g.system, theService, evaluated(policy.AllOptions))
	g.changed()
	g.keep("", decision.Never, 0)
	g.must(anApp, "x", policy.DecisionSessionNo, SourceStored)
	path := filepath.Join(g.system, policy.Service{Server: theServer, Service: theService}.FileName(policy.CompiledExt))
	if err := os.WriteFile(path, []byte("torn"), 0o600); err != nil {
		t.Fatal(err)
	}
	g.changed()
	if d, err := g.ask(anApp, "x"); d != policy.DecisionNo || !errors.Is(err, runtime.ErrBadPolicyFile) {
		t.Errorf("with a corrupt file: %v, %v", d, err)
	}
	putFile(t, g.system, theService, evaluated(policy.AllOptions))
	g.changed()
	g.must(anApp, "x", policy.DecisionSessionNo, SourceStored)
}

// A policy file on the system drive eclipses the ROM's, and a session learns of
// it: what its configuration answered, it asks the service from then on.
func TestSessionsFetchConfigurationAnew(t *testing.T) {
	g := newFixture(t, nil)
	g.must(anApp, "x", policy.DecisionYes, SourceCheck)
	putFile(t, g.rom, theService, list(offer(policy.SessionYes)))
	g.must(anApp, "x", policy.DecisionYes, SourceCheck) // the change was not reported
	g.changed()
	g.must(anApp, "x", policy.DecisionSessionYes, SourceSilent)
	f := list(offer(policy.No))
	f.Header.MajorVersion, f.Header.MinorVersion = 3, 4
	putFile(t, g.system, theService, f)
	if err := g.store.Reload(); err != nil { // as Watch does
		t.Fatal(err)
	}
	g.must(anApp, "x", policy.DecisionNo, SourceSilent)
	if c, err := g.session.Config(t.Context(), theService); c.Major != 3 || c.Minor != 4 || !c.HasPolicyFile || err != nil {
		t.Errorf("%+v, %v", c, err)
	}
	if c, err := g.session.Config(t.Context(), 99); c != (runtime.ServiceConfig{Service: 99}) || err != nil {
		t.Errorf("%+v, %v", c, err)
	}
	os.WriteFile(filepath.Join(g.system, policy.Service{Server: theServer, Service: theService}.FileName(policy.CompiledExt)), []byte("torn"), 0o600)
	g.changed()
	g.must(anApp, "x", policy.DecisionSessionYes, SourceSilent) // the ROM's
}

// A request under way finishes with the policies that it began with; what it
// would store for them is void.
func TestRequestsKeepTheirPolicies(t *testing.T) {
	for _, c := range []struct {
		name   string
		file   *policy.File
		stored []string
	}{
		{"major", askingFile(1, 0), nil},
		{"minor", askingFile(0, 1), []string{"always"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := newFixture(t, askingFile(0, 0))
				p := g.begin(anApp, "x")
				synctest.Wait()
				putFile(t, g.system, theService, c.file)
				g.changed()
				g.next("x").choose(policy.Always)
				synctest.Wait()
				expect(t, p, policy.DecisionSessionYes)
				if o := g.last(); o.Policy.Major != 0 || o.Policy.Minor != 0 {
					t.Errorf("it ended with the policies %d.%d", o.Policy.Major, o.Policy.Minor)
				}
				equal(t, "stored", g.results(), c.stored...)
			})
		})
	}
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

// unpurgeable is a database that doesn't purge, the first times.
type unpurgeable struct {
	decision.DB
	fails int
}

var errUnpurgeable = errors.New("it does not purge")

func (d *unpurgeable) Purge(ctx context.Context, active map[decision.Service]uint16, spare []decision.Service) (int, error) {
	if d.fails > 0 {
		d.fails--
		return 0, errUnpurgeable
	}
	return d.DB.Purge(ctx, active, spare)
}

// A purge that fails is an error of the call that reported the change, and a
// second try does what the first one didn't.
func TestPurgeThatFails(t *testing.T) {
	for _, c := range []struct {
		fails int
		want  error
		kept  int
	}{{1, nil, 0}, {2, errUnpurgeable, 1}} {
		g := newFixture(t, askingFile(0, 0), func(o *Options) { o.DB = &unpurgeable{o.DB, c.fails} })
		g.keepFor(theService, 0)
		putFile(t, g.rom, theService, askingFile(1, 0))
		m := g.observer()
		if err := m.PolicyFilesChanged(t.Context()); !errors.Is(err, c.want) || len(g.records()) != c.kept {
			t.Errorf("%d failures: %v, %d records", c.fails, err, len(g.records()))
		}
		if err := m.PolicyFilesChanged(t.Context()); err != nil || len(g.records()) != 0 {
			t.Errorf("afterwards: %v, %d records", err, len(g.records()))
		}
	}
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

// If the folders can't be read, nothing changes, and the caller gets the error.
func TestPolicyFilesThatCantBeListed(t *testing.T) {
	g := newFixture(t, askingFile(0, 0))
	g.keepFor(theService, 0)
	if err := os.Rename(g.rom, g.rom+".away"); err != nil {
		t.Fatal(err)
	}
	m := g.observer()
	defer m.Close()
	if err := m.PolicyFilesChanged(context.Background()); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	g.must(anApp, "x", policy.DecisionSessionYes, SourceStored)
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

// An answer to policies that have changed meanwhile is kept as long as the new
// file can't be used, and taken back if there is none.
func TestAnswerToFormerPolicies(t *testing.T) {
	for name, c := range map[string]struct {
		change func(g *fixture)
		kept   []string
	}{
		"bad":  {func(g *fixture) { spoil(g.t, g.rom, theService) }, []string{"always"}},
		"gone": {func(g *fixture) { os.Remove(g.path(theService)) }, nil},
	} {
		synctest.Test(t, func(t *testing.T) {
			g := newFixture(t, askingFile(0, 0))
			p := g.begin(anApp, "x")
			synctest.Wait()
			c.change(g)
			reload(t, g.store)
			g.next("x").choose(policy.Always)
			synctest.Wait()
			expect(t, p, policy.DecisionSessionYes)
			equal(t, name, g.results(), c.kept...)
		})
	}
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
	case <-time.After(10 * time.Second):
		t.Fatal("it hangs")
		return nil
	}
}
