package service

import (
	"testing"

	"ups/policy"
)

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
