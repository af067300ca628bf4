package servicetest

import (
	"errors"
	"testing"

	"ups/policy"
	"ups/runtime/decision"
	"ups/runtime/service"
)

// revoke deletes the only record, and returns it.
func (g *fixture) revoke(m Management) decision.Record {
	g.t.Helper()
	rec := g.records()[0]
	if n, err := m.Delete(g.t.Context(), decision.Filter{ID: is(rec.ID)}); n != 1 || err != nil {
		g.t.Fatal(n, err)
	}
	return rec
}

func (w world) restore(t *testing.T) {
	g := w.newFixture(t, askingFile(3, 0))
	g.keepFor(theService, 3)
	m := g.manager()
	rec := g.revoke(m)
	id, err := m.Restore(t.Context(), rec)
	if err != nil || id == 0 || id == rec.ID {
		t.Error(id, err)
	}
	g.must(anApp, "x", policy.DecisionSessionYes, service.SourceStored)
	if _, err := m.Restore(t.Context(), rec); !errors.Is(err, service.ErrSuperseded) {
		t.Errorf("twice: %v", err)
	}
}

// What the user has answered since is the newer answer, and stays.
func (w world) restoreOverNewerAnswer(t *testing.T) {
	g := w.newFixture(t, askingFile(0, 0))
	g.keepFor(theService, 0)
	m := g.manager()
	rec := g.revoke(m)
	g.user.always(policy.Never)
	g.must(anApp, "x", policy.DecisionSessionNo, service.SourcePrompt)
	if _, err := m.Restore(t.Context(), rec); !errors.Is(err, service.ErrSuperseded) {
		t.Error(err)
	}
	equal(t, "results", g.results(), "never")
}

// A record of policies that were replaced would have been purged.
func (w world) restoreAfterPoliciesChanged(t *testing.T) {
	g := w.newFixture(t, askingFile(0, 0))
	g.keepFor(theService, 0)
	m := g.manager()
	rec := g.revoke(m)
	putFile(t, g.rom, theService, askingFile(1, 0))
	g.changed()
	if _, err := m.Restore(t.Context(), rec); !errors.Is(err, service.ErrSuperseded) {
		t.Error(err)
	}
	equal(t, "results", g.results())
}
