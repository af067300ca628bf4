package analysis

import (
	"cmp"
	"slices"

	"ups/policy"
)

// Difference is what changes for requests from one version of a list to the
// next. It must not be changed.
type Difference struct {
	// Changes have each request, of a regular destination, whose outcome differs,
	// in exactly one of them, and no other; the gravest first.
	Changes []Change
	// Undecided are pairs of deciders of which it isn't known whether they decide
	// any request; nothing is claimed of those requests.
	Undecided []Deciders
	// Exhausted says that the budget was used up: there may be more changes.
	Exhausted bool
}

// Complete reports whether everything was decided.
func (d *Difference) Complete() bool { return len(d.Undecided) == 0 && !d.Exhausted }

// Decider values besides the place of a policy.
const (
	ByDefault = -1 // the default policy
	NotAsked  = -2 // the service isn't asked: the check and the authorisation policy decide
)

// Deciders are what decides a request in the two versions: policies by place,
// ByDefault or NotAsked.
type Deciders struct{ Old, New int }

// Change is the requests that change in the same way.
type Change struct {
	Effect
	Before, After []Outcome  // those that there are, of the first deciders first
	Deciders      []Deciders // those that there are, in order
	Regions       []Region   // together all requests of the change
	Witness       Witness
}

// Witness is one request of a change, confirmed by policy.File.Decide.
type Witness struct {
	policy.Request
	FromROM bool // the client was started from drive Z, and that makes a difference
	Deciders
	Before, After Outcome
}

// Diff compares two versions by the outcomes of requests. Nil stands for a
// service without a policy file, for which the system server's check decides
// (docs/service.md, Before the service is asked).
func Diff(before, after *policy.File, o Options) *Difference {
	before, after = orNoFile(before), orNoFile(after)
	d := &differ{
		comparison: newComparison(before, after, o), cells: map[cellKey]*cell{},
		maxRegions: cmp.Or(o.MaxRegions, DefaultMaxRegions),
	}
	d.sameQuestion = before.HeaderOrZero().AuthorisationPolicy == after.HeaderOrZero().AuthorisationPolicy
	for i := range d.groups {
		d.compareGroup(&d.groups[i])
	}
	return d.difference()
}

// orNoFile returns the list that lets the check decide as no list does.
func orNoFile(f *policy.File) *policy.File {
	if f != nil {
		return f
	}
	return &policy.File{Header: &policy.Header{AuthorisationPolicy: policy.NeverCheck}}
}

// difference puts the cells together by their effects.
func (d *differ) difference() *Difference {
	result := &Difference{Exhausted: d.exhausted}
	changes := map[Effect]*change{}
	for _, c := range d.found {
		e := effectOf(c.before, c.after)
		if changes[e] == nil {
			changes[e] = &change{differ: d}
		}
		changes[e].cells = append(changes[e].cells, c)
	}
	for e, c := range changes {
		result.Changes = append(result.Changes, c.describe(e))
	}
	slices.SortFunc(result.Changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(a.gravity(), b.gravity()), cmp.Compare(a.Deciders[0].New, b.Deciders[0].New),
			cmp.Compare(a.Deciders[0].Old, b.Deciders[0].Old), cmp.Compare(a.key(), b.key()))
	})
	result.Undecided = d.undecided
	slices.SortFunc(result.Undecided, compareDeciders)
	result.Undecided = slices.Compact(result.Undecided)
	return result
}

func compareDeciders(a, b Deciders) int {
	return cmp.Or(cmp.Compare(order(a.New), order(b.New)), cmp.Compare(order(a.Old), order(b.Old)))
}

// order puts the default policy last, and what isn't asked behind it.
func order(decider int) int {
	if decider < 0 {
		return 1<<30 - decider
	}
	return decider
}

// DefaultMaxRegions is more than anybody reads.
const DefaultMaxRegions = 100
