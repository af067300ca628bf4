package service

import (
	"errors"
	"testing"

	"ups/policy"
	"ups/runtime/decision"
)

// revoke deletes the only record, and returns it.
func (g *fixture) revoke(m *Management) decision.Record {
	g.t.Helper()
	rec := g.records()[0]
	if n, err := m.Delete(g.t.Context(), decision.Filter{ID: is(rec.ID)}); n != 1 || err != nil {
		g.t.Fatal(n, err)
	}
	return rec
}

func TestRestore(t *testing.T) {
	g := newFixture(t, askingFile(3, 0))
	g.keepFor(theService, 3)
	m := g.manager()
	rec := g.revoke(m)
	id, err := m.Restore(t.Context(), rec)
	if err != nil || id == 0 || id == rec.ID {
		t.Error(id, err)
	}
	g.must(anApp, "x", policy.DecisionSessionYes, SourceStored)
	if _, err := m.Restore(t.Context(), rec); !errors.Is(err, ErrSuperseded) {
		t.Errorf("twice: %v", err)
	}
}

// What the user has answered since is the newer answer, and stays.
func TestRestoreOverNewerAnswer(t *testing.T) {
	g := newFixture(t, askingFile(0, 0))
	g.keepFor(theService, 0)
	m := g.manager()
	rec := g.revoke(m)
	g.user.always(policy.Never)
	g.must(anApp, "x", policy.DecisionSessionNo, SourcePrompt)
	if _, err := m.Restore(t.Context(), rec); !errors.Is(err, ErrSuperseded) {
		t.Error(err)
	}
	equal(t, "results", g.results(), "never")
}

// A record of policies that were replaced would have been purged.
func TestRestoreAfterPoliciesChanged(t *testing.T) {
	g := newFixture(t, askingFile(0, 0))
	g.keepFor(theService, 0)
	m := g.manager()
	rec := g.revoke(m)
	putFile(t, g.rom, theService, askingFile(1, 0))
	g.changed()
	if _, err := m.Restore(t.Context(), rec); !errors.Is(err, ErrSuperseded) {
		t.Error(err)
	}
	equal(t, "results", g.results())
}

// A record that couldn't be deleted doesn't count, and gives way.
func TestRestoreOverRevokedRecord(t *testing.T) {
	db := &undeletable{fails: 1}
	g := newFixture(t, askingFile(0, 0), func(o *Options) { db.DB, o.DB = o.DB, db })
	g.keepFor(theService, 0)
	rec := g.records()[0]
	g.server.revoked.remove(t.Context(), g.server, rec.ID, "revoking")
	m := g.manager()
	if _, err := m.Restore(t.Context(), rec); err != nil {
		t.Error(err)
	}
	g.must(anApp, "x", policy.DecisionSessionYes, SourceStored)
}
