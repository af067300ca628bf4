package service

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"ups/policy"
	"ups/runtime/decision"
)

// evaluatedAs is the policy file of newFaultyFixture in another major version.
func evaluatedAs(major uint16) *policy.File {
	f := evaluated(policy.AllOptions)
	f.Header.MajorVersion = major
	return f
}

// What a failed purge was to delete doesn't count, even if its version of the
// policy file comes back before the purge is done: not to requests, and not to
// management. Answers aren't stored where a later purge would take them.
func TestFailedPurgeHidesWhatItWouldDelete(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, db := newFaultyFixture(t)
		id := g.keep("", decision.Always, 5)
		g.user.always(policy.Never)
		db.setFail(func(int) bool { return true })
		for _, major := range []uint16{1, 0} {
			putFile(t, g.rom, theService, evaluatedAs(major))
			if err := g.server.policyFilesChanged(t.Context()); !errors.Is(err, errDisk) {
				t.Fatalf("version %d: %v", major, err)
			}
		}
		db.setFail(func(int) bool { return false })
		g.must(anApp, "x", policy.DecisionSessionNo, SourcePrompt)
		if o := g.last(); o.Stored != 0 || !g.server.Status().Undeleted {
			t.Errorf("stored as %d, undeleted %v", o.Stored, g.server.Status().Undeleted)
		}
		manager := g.manager()
		for r, err := range manager.Records(t.Context(), decision.Filter{}) {
			t.Errorf("listed: %+v, %v", r, err)
		}
		if err := manager.UpdateResult(t.Context(), id, decision.Always); !errors.Is(err, decision.ErrNotFound) {
			t.Errorf("changed: %v", err)
		}
		time.Sleep(2 * retryAfter)
		equal(t, "stored", g.results())
		g.must(anApp, "x", policy.DecisionSessionNo, SourcePrompt)
		g.must(anApp, "x", policy.DecisionSessionNo, SourceStored)
		if g.last().Record == id || g.server.Status().Undeleted {
			t.Errorf("record %d, undeleted %v", g.last().Record, g.server.Status().Undeleted)
		}
	})
}

// A purge that the database fails for good is tried at the end too, and Status
// says so.
func TestCloseTriesToPurge(t *testing.T) {
	for _, fails := range []int{1, 2} {
		g, db := newFaultyFixture(t)
		g.keepFor(99, 0) // a service without a policy file
		db.setFail(func(n int) bool { return n <= fails })
		if err := g.server.policyFilesChanged(t.Context()); !errors.Is(err, errDisk) {
			t.Fatal(err)
		}
		g.server.Close()
		if n := len(g.records()); n != fails-1 || g.server.Status().Undeleted != (fails == 2) {
			t.Errorf("%d failures: %d records, undeleted %v", fails, n, g.server.Status().Undeleted)
		}
	}
}

// Two purges are one that voids what either does, for all that a service can be
// in each: active in a version, spared, or unknown.
func TestPurgesTogether(t *testing.T) {
	service := decision.Service{Server: 1, Service: 2}
	states := []*purge{{}, {spare: []decision.Service{service}}}
	for major := range uint16(2) {
		states = append(states, &purge{active: map[decision.Service]uint16{service: major}})
	}
	for i, p := range states {
		for j, q := range states {
			for major := range uint16(3) {
				k := decision.Key{Server: 1, Service: 2, Major: major}
				if got := p.with(q).voids(k); got != (p.voids(k) || q.voids(k)) {
					t.Errorf("states %d and %d, version %d: %v", i, j, major, got)
				}
			}
		}
	}
	if states[3].voids(decision.Key{Server: 1, Service: 2, Major: 1}) || !states[3].voids(decision.Key{Server: 1, Service: 2}) {
		t.Error("a purge keeps the active version, and no other")
	}
	if (*purge)(nil).voids(decision.Key{}) {
		t.Error("no purge voids nothing")
	}
}
