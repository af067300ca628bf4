package servicetest

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ups/policy"
	"ups/runtime"
	"ups/runtime/decision"
	"ups/runtime/service"
)

// askingFile makes a policy file that asks, of that major and minor version.
func askingFile(major, minor uint16) *policy.File {
	f := list(offer(policy.AllOptions))
	f.Header.MajorVersion, f.Header.MinorVersion = major, minor
	return f
}

// observer makes a session of the software-install observer.
func (g *fixture) observer() Management {
	g.t.Helper()
	m, err := g.end.Manage(service.Caller{SID: service.SoftwareInstallObserver})
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
	g.informed()
}

// reload takes up changed policy files, as a watch does.
func (g *fixture) reload() {
	g.t.Helper()
	if err := g.store.Reload(); err != nil {
		g.t.Fatal(err)
	}
	g.informed()
}

// informed returns when the session has the configuration of every service that a test
// uses. In one process it has it at once.
func (g *fixture) informed() {
	g.t.Helper()
	end := time.Now().Add(patience)
	for uid := range uint32(100) {
		for {
			got, err := g.session.Config(context.Background(), uid)
			if err != nil || time.Now().After(end) {
				g.t.Fatalf("service %d: %+v, %v, the store has %+v", uid, got, err, g.store.ServiceConfig(theServer, uid))
			}
			if got == g.store.ServiceConfig(theServer, uid) {
				break
			}
			time.Sleep(time.Millisecond)
		}
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
func (w world) purgeOnPolicyChange(t *testing.T) {
	g := w.newFixture(t, nil)
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
func (w world) neverOutlastsACorruptFile(t *testing.T) {
	g := w.newFixture(t, nil)
	putFile(t, g.system, theService, evaluated(policy.AllOptions))
	g.changed()
	g.keep("", decision.Never, 0)
	g.must(anApp, "x", policy.DecisionSessionNo, service.SourceStored)
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
	g.must(anApp, "x", policy.DecisionSessionNo, service.SourceStored)
}

// A policy file on the system drive eclipses the ROM's, and a session learns of
// it: what its configuration answered, it asks the service from then on.
func (w world) sessionsFetchConfigurationAnew(t *testing.T) {
	g := w.newFixture(t, nil)
	g.must(anApp, "x", policy.DecisionYes, service.SourceCheck)
	putFile(t, g.rom, theService, list(offer(policy.SessionYes)))
	g.must(anApp, "x", policy.DecisionYes, service.SourceCheck) // the change was not reported
	g.changed()
	g.must(anApp, "x", policy.DecisionSessionYes, service.SourceSilent)
	f := list(offer(policy.No))
	f.Header.MajorVersion, f.Header.MinorVersion = 3, 4
	putFile(t, g.system, theService, f)
	g.reload()
	g.must(anApp, "x", policy.DecisionNo, service.SourceSilent)
	if c, err := g.session.Config(t.Context(), theService); c.Major != 3 || c.Minor != 4 || !c.HasPolicyFile || err != nil {
		t.Errorf("%+v, %v", c, err)
	}
	if c, err := g.session.Config(t.Context(), 99); c != (runtime.ServiceConfig{Service: 99}) || err != nil {
		t.Errorf("%+v, %v", c, err)
	}
	os.WriteFile(filepath.Join(g.system, policy.Service{Server: theServer, Service: theService}.FileName(policy.CompiledExt)), []byte("torn"), 0o600)
	g.changed()
	g.must(anApp, "x", policy.DecisionSessionYes, service.SourceSilent) // the ROM's
}

// A request under way finishes with the policies that it began with; what it
// would store for them is void.
func (w world) requestsKeepTheirPolicies(t *testing.T) {
	for _, c := range []struct {
		name   string
		file   *policy.File
		stored []string
	}{
		{"major", askingFile(1, 0), nil},
		{"minor", askingFile(0, 1), []string{"always"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.run(t, func(t *testing.T, w world) {
				g := w.newFixture(t, askingFile(0, 0))
				p := g.begin(anApp, "x")
				g.settle()
				putFile(t, g.system, theService, c.file)
				g.changed()
				g.next("x").choose(policy.Always)
				g.settle()
				expect(t, p, policy.DecisionSessionYes)
				if o := g.last(); o.Policy.Major != 0 || o.Policy.Minor != 0 {
					t.Errorf("it ended with the policies %d.%d", o.Policy.Major, o.Policy.Minor)
				}
				equal(t, "stored", g.results(), c.stored...)
			})
		})
	}
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
func (w world) purgeThatFails(t *testing.T) {
	for _, c := range []struct {
		fails int
		want  error
		kept  int
	}{{1, nil, 0}, {2, errUnpurgeable, 1}} {
		g := w.newFixture(t, askingFile(0, 0), func(o *Setup) { o.DB = &unpurgeable{o.DB, c.fails} })
		g.keepFor(theService, 0)
		putFile(t, g.rom, theService, askingFile(1, 0))
		m := g.observer()
		if err := m.PolicyFilesChanged(t.Context()); !g.wraps(err, c.want) || len(g.records()) != c.kept {
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

// If the folders can't be read, nothing changes, and the caller gets the error.
func (w world) policyFilesThatCantBeListed(t *testing.T) {
	g := w.newFixture(t, askingFile(0, 0))
	g.keepFor(theService, 0)
	if err := os.Rename(g.rom, g.rom+".away"); err != nil {
		t.Fatal(err)
	}
	m := g.observer()
	defer m.Close()
	if err := m.PolicyFilesChanged(context.Background()); err == nil || !g.Remote && !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	g.must(anApp, "x", policy.DecisionSessionYes, service.SourceStored)
}

// An answer to policies that have changed meanwhile is kept as long as the new
// file can't be used, and taken back if there is none.
func (w world) answerToFormerPolicies(t *testing.T) {
	for name, c := range map[string]struct {
		change func(g *fixture)
		kept   []string
	}{
		"bad":  {func(g *fixture) { spoil(g.t, g.rom, theService) }, []string{"always"}},
		"gone": {func(g *fixture) { os.Remove(g.path(theService)) }, nil},
	} {
		w.run(t, func(t *testing.T, w world) {
			g := w.newFixture(t, askingFile(0, 0))
			p := g.begin(anApp, "x")
			g.settle()
			c.change(g)
			g.reload()
			g.next("x").choose(policy.Always)
			g.settle()
			expect(t, p, policy.DecisionSessionYes)
			equal(t, name, g.results(), c.kept...)
		})
	}
}
