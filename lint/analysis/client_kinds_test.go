package analysis_test

import (
	"slices"
	"testing"

	"ups/internal/natures"
	"ups/lint/analysis"
	"ups/policy"
)

// TestClientKinds looks each client up in the kinds: it is of exactly one, whose
// policies are those that are for it, and the service is asked as it says.
func TestClientKinds(t *testing.T) {
	for _, nature := range natures.All() {
		f := nature.List(40)
		for a := range policy.AuthorisationPolicy(6) {
			f.Header.AuthorisationPolicy = a
			kinds := analysis.Analyse(f, analysis.Options{}).ClientKinds()
			for _, sid := range someSIDs(f) {
				for s := range 4 {
					checkKind(t, f, kinds, sid, s&1 != 0, s&2 != 0)
				}
			}
		}
	}
}

// someSIDs returns SIDs that a list has, and of each class one that it hasn't.
func someSIDs(f *policy.File) []uint32 {
	var sids []uint32
	for _, p := range f.Policies {
		sids = append(sids, p.SIDs...)
	}
	for class := range uint32(16) {
		sids = append(sids, class<<28|0xABCDEF)
	}
	return sids
}

func checkKind(t *testing.T, f *policy.File, kinds []analysis.ClientKind, sid uint32, passed, fromROM bool) {
	t.Helper()
	var of []analysis.ClientKind
	for _, k := range kinds {
		if k.Contains(sid, passed, fromROM) {
			of = append(of, k)
		}
	}
	if len(of) != 1 {
		t.Fatalf("SID %#x, passed %v: of %d kinds", sid, passed, len(of))
	}
	var want []int
	for i, p := range f.Policies {
		if p.HasSID(sid) && p.Security.Holds(passed) {
			want = append(want, i)
		}
	}
	if !slices.Equal(of[0].Policies, want) {
		t.Errorf("SID %#x, passed %v: policies %v, want %v", sid, passed, of[0].Policies, want)
	}
	asked := analysis.Clients{SIDSet: analysis.SIDSet{Classes: policy.AllSIDs}, Situations: of[0].Asked}
	if want := f.Header.AuthorisationPolicy.Answer(sid, passed, fromROM) == policy.Ask; asked.Contains(sid, passed, fromROM) != want {
		t.Errorf("SID %#x, passed %v, from ROM %v: asked %v", sid, passed, fromROM, !want)
	}
	if !of[0].Contains(of[0].Client.SID, of[0].Client.Passed, false) {
		t.Errorf("the client of %v isn't of the kind", of[0].Clients)
	}
}
