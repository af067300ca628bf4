package servicetest

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"ups/runtime"
	"ups/runtime/decision"
	"ups/runtime/service"
)

// operations are those of the table of docs/service.md, Management.
var operations = []struct {
	name string
	need service.Capabilities // 0: the software-install observer
	do   func(Management) error
}{
	{"list", service.ReadDeviceData, func(m Management) error {
		for _, err := range m.Records(context.Background(), decision.Filter{}) {
			return err
		}
		return nil
	}},
	{"delete", service.WriteDeviceData, func(m Management) error {
		_, err := m.Delete(context.Background(), decision.Filter{Client: decision.Number{Comparison: decision.Equal, Value: 99}})
		return err
	}},
	{"delete database", service.WriteDeviceData, func(m Management) error { return m.DeleteDatabase(context.Background()) }},
	{"update", service.AllFiles, func(m Management) error {
		err := m.UpdateResult(context.Background(), 1<<40, decision.Never)
		if errors.Is(err, decision.ErrNotFound) {
			return nil
		}
		return err
	}},
	{"restore", service.AllFiles, func(m Management) error {
		_, err := m.Restore(context.Background(), decision.Record{})
		if errors.Is(err, service.ErrSuperseded) { // a service without policies
			return nil
		}
		return err
	}},
	{"executable removed", 0, func(m Management) error {
		_, err := m.ExecutableRemoved(context.Background(), 99)
		return err
	}},
	{"plug-ins", 0, func(m Management) error { return m.PlugInsChanged(context.Background()) }},
	{"policy files", 0, func(m Management) error { return m.PolicyFilesChanged(context.Background()) }},
}

func (w world) managementNeedsCapabilities(t *testing.T) {
	g := w.newFixture(t, askingFile(0, 0))
	g.keepFor(theService, 0)
	all := service.ReadDeviceData | service.WriteDeviceData | service.AllFiles | service.ProtServ
	for _, op := range operations {
		for _, c := range []struct {
			caller service.Caller
			may    bool
		}{
			{service.Caller{SID: 1, Capabilities: op.need}, op.need != 0},
			{service.Caller{SID: 1, Capabilities: ^service.Capabilities(0)}, op.need != 0},
			{service.Caller{SID: 1, Capabilities: all &^ op.need}, false},
			{service.Caller{SID: service.SoftwareInstallObserver, Capabilities: 0}, op.need == 0},
			{service.Caller{SID: service.SoftwareInstallObserver + 1, Capabilities: ^service.Capabilities(0)}, op.need != 0},
		} {
			m, err := g.end.Manage(c.caller)
			if err != nil {
				t.Fatal(err)
			}
			switch err := op.do(m); {
			case c.may && err != nil:
				t.Errorf("%s by %+v: %v", op.name, c.caller, err)
			case !c.may && !errors.Is(err, service.ErrPermissionDenied):
				t.Errorf("%s by %+v: %v, want permission denied", op.name, c.caller, err)
			}
			m.Close()
			if err := op.do(m); !errors.Is(err, service.ErrClosed) {
				t.Errorf("%s after Close: %v", op.name, err)
			}
		}
	}
}

// manager makes a session with all capabilities.
func (g *fixture) manager() Management {
	g.t.Helper()
	m, err := g.end.Manage(service.Caller{SID: 1, Capabilities: ^service.Capabilities(0)})
	if err != nil {
		g.t.Fatal(err)
	}
	return m
}

func is(v uint64) decision.Number { return decision.Number{Comparison: decision.Equal, Value: v} }

func (w world) manageRecords(t *testing.T) {
	g := w.newFixture(t, askingFile(0, 0))
	ctx := context.Background()
	for service := range uint32(5) {
		g.keepFor(service, 0)
	}
	m := g.manager()
	var ids []uint64
	for r, err := range m.Records(ctx, decision.Filter{Service: decision.Number{Comparison: decision.Less, Value: 3}}) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, r.ID)
	}
	equal(t, "listed", ids, 1, 2, 3)
	if err := m.UpdateResult(ctx, 2, decision.Never); err != nil {
		t.Error(err)
	}
	if err := m.UpdateResult(ctx, 99, decision.Never); !errors.Is(err, decision.ErrNotFound) {
		t.Error(err)
	}
	equal(t, "results", g.results(), "always", "never", "always", "always", "always")
	if n, err := m.Delete(ctx, decision.Filter{Result: is(1), Service: is(4)}); n != 1 || err != nil {
		t.Error(n, err)
	}
	equal(t, "results", g.results(), "always", "never", "always", "always")
	if n, err := g.observer().ExecutableRemoved(ctx, anApp+1); n != 0 || err != nil {
		t.Error(n, err)
	}
	if n, err := g.observer().ExecutableRemoved(ctx, anApp); n != 4 || err != nil {
		t.Error(n, err)
	}
	equal(t, "results", g.results())
}

// One view a session at a time; other sessions have their own.
func (w world) oneViewASession(t *testing.T) {
	g := w.newFixture(t, askingFile(0, 0))
	for service := range uint32(3) {
		g.keepFor(service, 0)
	}
	m, other := g.manager(), g.manager()
	view := func(m Management) (n int, last error) {
		for _, last = range m.Records(context.Background(), decision.Filter{}) {
			n++
		}
		return n, last
	}
	for range m.Records(context.Background(), decision.Filter{}) {
		if _, err := view(m); !errors.Is(err, service.ErrViewOpen) {
			t.Error(err)
		}
		if n, err := view(other); n != 3 || err != nil {
			t.Error(n, err)
		}
		break
	}
	if n, err := view(m); n != 3 || err != nil { // the break has closed the first
		t.Error(n, err)
	}
}

// readAhead is how many records a view may have read that its caller hasn't taken yet:
// so many of the longest fill what HTTP/2 lets the client's program buffer, 4 MiB.
const readAhead = 1500

// keepUnread keeps answers, more than a view reads ahead.
func (g *fixture) keepUnread() {
	g.t.Helper()
	n := uint32(2)
	if g.Remote {
		n = readAhead
	}
	for service := range n {
		key := decision.Key{Client: anApp, Service: service, Server: theServer}
		r := decision.Record{Key: key, Description: strings.Repeat("x", decision.MaxDescription), Result: decision.Always}
		if _, err := g.db.Store(context.Background(), r); err != nil {
			g.t.Fatal(err)
		}
	}
}

// A view is aborted when the database is deleted, and when its session is
// closed.
func (w world) viewsAreAborted(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(Management) error
		want error
	}{
		"deleted": {func(m Management) error { return m.DeleteDatabase(context.Background()) }, decision.ErrViewLost},
		"closed":  {func(m Management) error { return m.Close() }, service.ErrClosed},
	} {
		g := w.newFixture(t, askingFile(0, 0))
		g.keepUnread()
		m, n := g.manager(), 0
		var last error
		for _, err := range m.Records(context.Background(), decision.Filter{}) {
			last = err
			if n++; n == 1 {
				if err := c.do(m); err != nil {
					t.Error(err)
				}
			}
		}
		if n != 2 && !g.Remote || !errors.Is(last, c.want) {
			t.Errorf("%s: %d steps, %v", name, n, last)
		}
	}
}

// deletingDB does something when records have been deleted, before the call
// returns.
type deletingDB struct {
	decision.DB
	deleted func()
}

func (d *deletingDB) Delete(ctx context.Context, f decision.Filter) (int, error) {
	n, err := d.DB.Delete(ctx, f)
	d.deleted()
	return n, err
}

// A view that ends, or is all there is, between a deletion and its return is
// aborted too; one that comes later isn't.
func (w world) viewsMeetADeletionUnderWay(t *testing.T) {
	db := &deletingDB{}
	g := w.newFixture(t, askingFile(0, 0), func(o *Setup) { db.DB, o.DB = o.DB, db })
	m, other := g.manager(), g.manager()
	last := func(m Management, step func()) (last error) {
		for _, last = range m.Records(t.Context(), decision.Filter{}) {
			if last == nil {
				step()
			}
		}
		return last
	}
	g.keepUnread()
	before, goOn, deleted := make(chan error), make(chan struct{}), false
	db.deleted = func() {
		if deleted {
			return
		}
		deleted = true
		goOn <- struct{}{}
		if err := <-before; !errors.Is(err, decision.ErrViewLost) {
			t.Errorf("begun before: %v", err)
		}
		if err := other.DeleteDatabase(t.Context()); err != nil { // within the first
			t.Error(err)
		}
		if err := last(other, func() {}); !errors.Is(err, decision.ErrViewLost) {
			t.Errorf("begun while it was under way: %v", err)
		}
	}
	begun := make(chan struct{})
	first := sync.OnceFunc(func() { begun <- struct{}{}; <-goOn })
	go func() { before <- last(m, first) }()
	<-begun
	if err := other.DeleteDatabase(t.Context()); err != nil {
		t.Error(err)
	}
	g.keepFor(1, 0)
	if err := last(m, func() {}); err != nil {
		t.Errorf("begun afterwards: %v", err)
	}
}

// A filter whose bytes are too long is refused with the platform's error, and
// what its negation would select stays.
func (w world) filtersTooLong(t *testing.T) {
	g := w.newFixture(t, askingFile(0, 0))
	g.keepFor(theService, 0)
	m := g.manager()
	long := decision.Text{Comparison: decision.NotEqual, Value: string(make([]byte, 33))}
	for want, f := range map[runtime.Error]decision.Filter{
		runtime.ErrBadFingerprintLength:  {Fingerprint: long},
		runtime.ErrBadClientEntityLength: {Entity: long},
	} {
		var listed error
		for _, listed = range m.Records(t.Context(), f) {
		}
		_, deleted := m.Delete(t.Context(), f)
		for _, err := range []error{listed, deleted} {
			if service.Code(err) != int32(want) || !errors.Is(err, decision.ErrInvalidFilter) {
				t.Errorf("%v, want %v", err, want)
			}
		}
	}
	if n := len(g.records()); n != 1 {
		t.Errorf("%d records are left", n)
	}
}
