package analysis

import "slices"

// pass goes once through a list.
type pass struct {
	*sorting
	places    []int // those that are placed, in their order
	placed    set
	begun     set           // those whose placing has begun, and may not be done
	free      set           // those that may be placed at once
	witnesses map[int]*kept // of those that may not, as far as is known

	firstCovers []int // of each policy; -1 if not asked for: see firstCover
}

// kept is a request of a policy that would change if the policy were placed, as
// long as none that is placed matches it.
type kept struct {
	*found
	takers  []int // policies that match it, and may have its outcome
	checked int   // how many of the placed ones don't match it
}

// pass returns the list in a better order, if there may be one.
func (s *sorting) pass() []int {
	n := len(s.policies)
	p := &pass{sorting: s, placed: newSet(n), begun: newSet(n), free: newSet(n), witnesses: map[int]*kept{}}
	p.firstCovers = slices.Repeat([]int{-1}, n)
	for next := range n {
		if !p.placed.has(next) {
			p.place(next)
		}
	}
	return p.places
}

// place places a policy that may be placed, after the more specific ones.
func (p *pass) place(policy int) {
	p.begun.add(policy)
	for _, specific := range slices.Concat(p.passedBy(policy), p.wants[policy]) {
		if !p.begun.has(specific) {
			p.tryBefore(specific, policy)
		}
	}
	if !p.placed.has(policy) {
		p.placed.add(policy)
		p.places = append(p.places, policy)
	}
}

// passedBy returns the more specific policies before one that aren't placed yet.
func (p *pass) passedBy(policy int) []int {
	var out []int
	for q := range policy {
		if !p.begun.has(q) && p.covers(policy, q) && !p.covers(q, policy) {
			out = append(out, q)
		}
	}
	return out
}

// tryBefore places a policy before a more general one, if it may be, with what
// has to be placed before it.
func (p *pass) tryBefore(specific, general int) {
	if p.stretch[specific] != p.stretch[general] {
		return
	}
	c := chain{pass: p, general: general, tried: newSet(len(p.policies))}
	if !c.lead(specific) || !p.options.Regular && !c.keepsIrregular() {
		return
	}
	for _, q := range c.links {
		if !p.placed.has(q) {
			p.place(q)
		}
	}
}

// mayFollow reports whether it is proved that a policy may be placed after
// those that are placed and some more. Otherwise it returns a request that would
// change, if there is one.
func (p *pass) mayFollow(policy int, more []int) (bool, *kept) {
	if p.free.has(policy) {
		return true, nil
	}
	if w := p.witnesses[policy]; w != nil && !p.matched(w, more) {
		return false, w
	}
	if p.prover.lowBudget() {
		return false, nil
	}
	ahead := slices.Clone(p.placed)
	for _, q := range more {
		ahead.add(q)
	}
	among := interval{0, len(p.policies)}
	if p.options.Alone {
		among = p.stretch[policy]
	}
	switch answer, f, now := p.changes(policy, ahead, among); {
	case answer == Yes:
		w := &kept{found: f, takers: p.takers(f, now), checked: len(p.places)}
		p.witnesses[policy] = w
		return false, w
	case answer == No && len(more) == 0:
		p.free.add(policy)
		return true, nil
	default:
		return answer == No, nil
	}
}

// matched reports whether one of the placed policies, or of some more, matches
// a request.
func (p *pass) matched(w *kept, more []int) bool {
	for ; w.checked < len(p.places); w.checked++ {
		if p.surelyMatches(p.places[w.checked], w.found) {
			return true
		}
	}
	return slices.ContainsFunc(more, func(q int) bool { return p.surelyMatches(q, w.found) })
}

// surelyMatches reports whether a policy, which is regular, matches what was
// found.
func (p *pass) surelyMatches(policy int, f *found) bool {
	return f.group.visible.has(policy) && p.patterns[policy] != nil && p.patterns[policy].Match(f.letters)
}

// takers returns the policies of an outcome that match what was found.
func (p *pass) takers(f *found, now Outcome) []int {
	var out []int
	for q := range p.policies {
		if p.outcomes[q] == now && p.surelyMatches(q, f) {
			out = append(out, q)
		}
	}
	return out
}
