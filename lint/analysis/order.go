package analysis

import (
	"slices"

	"ups/policy"
)

// # The order
//
// Let some policies of a list be placed already, at the front of a new order. A
// policy may be placed next if all requests that it matches, and none of the
// placed ones does, have its outcome in the list as it was. An order keeps all
// decisions exactly if each of its policies could be placed in this way, since
// the first that matches a request decides it. What may be placed may be placed
// later too, when more are: so nothing is lost by placing a policy early, and
// the first of the list that isn't placed always may be (orders of this kind are
// the words of an antimatroid; Korte, Lovász and Schrader, Greedoids, 1991).
//
// So the list is gone through from its front. Before a policy is placed, all that
// are more specific are, as far as they may be, with what they need before them.
// Nothing else moves.

// OrderOptions are those of Sort.
type OrderOptions struct {
	Options
	// Stretch has for each policy a number that it has in common with those
	// next to it that it may change places with. If it is nil, all may.
	Stretch []int
	// Alone says that the policies of a stretch must decide alike whatever
	// stands around the stretch.
	Alone bool
	// Regular says that only decisions of regular destinations must be kept;
	// else what isn't known to keep all others too isn't moved.
	Regular bool
}

// Order is an order of a list that keeps every decision, with the more specific
// of two policies before the more general as far as that can be. One is more
// specific if the other matches all that it does, and more; or if they have
// different outcomes, some request would have to change, and the other is more
// general in some dimension, and in none more specific (Conflict.OutOfOrder,
// unless it is Slight). Policies are given by their place in the list as it was.
type Order struct {
	// Places has the policies in their new order.
	Places []int
	// Stuck are those that stand after more general ones even so.
	Stuck []Stuck
	// Undecided are policies of which it isn't decided whether they stand after
	// more general ones.
	Undecided []int
}

// Stuck is a policy that can't be moved before a more general one.
type Stuck struct {
	Policy  int
	General []int // the more general ones before it
	Reason  Reason
	// The rest is of the reason Changes: what the request
	// is decided by, and what would become of it if the policy stood before
	// the last of General.
	Decided
	Now, Then Outcome
}

// Reason is why a policy isn't moved.
type Reason uint8

// The reasons.
const (
	Changes    Reason = iota // a decision would change
	Separate                 // they are in different stretches; no decision would change
	Around                   // no decision would change, but only because of what stands around the stretch
	Unproved                 // no decision would change, but no better order as a whole is proved
	NotDecided               // it isn't decided whether a decision would change
)

// Sort finds an order. One that is returned is proved to keep every decision of
// the list, by Compare too. Sorted again, it stays as it is.
func Sort(f *policy.File, o OrderOptions) *Order {
	s := newSorting(f, o, identity(len(f.Policies)))
	for {
		next := s.after(s.pass())
		if next == nil {
			return s.order()
		}
		s = next
	}
}

func identity(n int) []int {
	places := make([]int, n)
	for i := range places {
		places[i] = i
	}
	return places
}

// sorting is a list on its way to be sorted.
type sorting struct {
	*Result
	options OrderOptions
	first   *policy.File // as it was
	places  []int        // of its policies, as they stand now
	stretch []interval   // of each policy, as they stand now
	general [][]int      // of each policy: the more general ones before it
	wants   [][]int      // of each policy: the more specific ones after it
	// disorder counts the policies that stand before more specific ones: those
	// that match all that these do, and the others.
	disorder [2]int
}

// newSorting analyses a list in an order.
func newSorting(first *policy.File, o OrderOptions, places []int) *sorting {
	now := reordered(first, places)
	s := &sorting{Result: Analyse(now, o.Options), options: o, first: first, places: places}
	s.prover.budget = newBudget(o.Options)
	n := len(places)
	s.stretch, s.general, s.wants = stretches(o.Stretch, n), make([][]int, n), make([][]int, n)
	for p := range n {
		wholly, partly := s.moreGeneral(p)
		s.disorder[0] += len(wholly)
		s.disorder[1] += len(partly)
		s.general[p] = sortedSet(slices.Concat(wholly, partly))
		for _, g := range s.general[p] {
			s.wants[g] = append(s.wants[g], p)
		}
	}
	return s
}

// reordered returns a file with its policies in another order.
func reordered(f *policy.File, places []int) *policy.File {
	out := *f
	out.Policies = make([]policy.Policy, len(places))
	for i, p := range places {
		out.Policies[i] = f.Policies[p]
	}
	return &out
}

// stretches returns the stretch of each policy as an interval. A stretch keeps
// its place, so that it is the same after any sorting.
func stretches(numbers []int, n int) []interval {
	out := slices.Repeat([]interval{{0, n}}, n)
	if numbers == nil {
		return out
	}
	for lo, hi := 0, 0; lo < n; lo = hi {
		for hi = lo; hi < n && numbers[hi] == numbers[lo]; hi++ {
		}
		for i := lo; i < hi; i++ {
			out[i] = interval{lo, hi}
		}
	}
	return out
}

// moreGeneral returns the policies before one that are more general: those that
// match all that it does first.
func (s *sorting) moreGeneral(p int) (wholly, partly []int) {
	r := &s.Policies[p]
	if r.Reach == Unreachable || r.Reach == NeverAsked {
		s.findConflicts(p)
	}
	for _, q := range r.CoveredBy {
		if !s.covers(p, q) {
			wholly = append(wholly, q)
		}
	}
	for _, c := range r.Conflicts {
		if c.OutOfOrder() && !c.Slight() && !slices.Contains(wholly, c.By) {
			partly = append(partly, c.By)
		}
	}
	return wholly, partly
}

// after returns the sorting after a pass, or nil if that made nothing better.
func (s *sorting) after(pass []int) *sorting {
	if slices.IsSorted(pass) {
		return nil
	}
	places := make([]int, len(pass))
	for i, p := range pass {
		places[i] = s.places[p]
	}
	next := newSorting(s.first, s.options, places)
	if slices.Compare(next.disorder[:], s.disorder[:]) >= 0 || CompareOrders(s.first, next.File, s.options.Options).Changed != No {
		return nil
	}
	return next
}

// CompareOrders is Compare for two orders of a list. Hardly anything stands in
// the same place in both, so that it takes a larger budget than versions do.
func CompareOrders(before, after *policy.File, o Options) *Comparison {
	const times = 4
	o.Budget = times * newBudget(o).pool
	return Compare(before, after, o)
}

// order returns the list as it stands, and what can't be bettered in it.
func (s *sorting) order() *Order {
	out := &Order{Places: identity(len(s.places))}
	for p, general := range s.general {
		r := &s.Policies[p]
		if r.Reach == Irregular || r.Reach == Undecided || r.ConflictsUndecided {
			out.Undecided = append(out.Undecided, p)
		}
		if len(general) > 0 {
			out.Stuck = append(out.Stuck, s.stuck(p))
		}
	}
	return out.Renumbered(s.places)
}
