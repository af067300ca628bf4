package analysis

import "ups/policy"

// Decision is decision, for tests.
func Decision(f *policy.File, r policy.Request, fromROM bool) (Outcome, int) {
	return decision(f, r, fromROM)
}

// Surely is surely for two policies of a list.
func Surely(f *policy.File, q, p int) bool {
	a := newAnalysis(0, f)
	a.File = f
	return a.surely(q, p)
}

// Never is never for two policies of a list.
func Never(f *policy.File, q, p int) bool {
	a := newAnalysis(0, f)
	a.File = f
	return a.never(q, p)
}
