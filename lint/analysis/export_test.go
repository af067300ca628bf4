package analysis

import "ups/policy"

// Decision is decision, for tests.
func Decision(f *policy.File, r policy.Request, fromROM bool) (Outcome, int) {
	return decision(f, r, fromROM)
}

// IncludesAll is includesAll for two policies of a list.
func IncludesAll(f *policy.File, q, p int) bool { return newEngine(Options{}, f).includesAll(q, p) }

// Disjoint is disjoint for two policies of a list.
func Disjoint(f *policy.File, q, p int) bool { return newEngine(Options{}, f).disjoint(q, p) }

// HasClient is the part of Contains that is about the client.
func (r *Region) HasClient(sid uint32, passed, fromROM bool) bool {
	everywhere := Region{Who: r.Who, asked: r.asked}
	return everywhere.Contains(policy.Request{SID: sid, Passed: passed}, fromROM)
}

// EffectOf is effectOf.
func EffectOf(before, after Outcome) Effect { return effectOf(before, after) }
