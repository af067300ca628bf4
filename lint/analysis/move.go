package analysis

// Move is what comes of moving a policy to an earlier place: an edit that is
// proved before it is advised.
type Move struct {
	Before int // the place of the policy that it would stand before
	// Unreachable are policies that decide some request now, and none after the
	// move.
	Unreachable []int
}

// MoveUp finds the last place from which an Unreachable policy would decide
// some request, and what comes of moving it there. It returns false if that
// isn't decided.
func (r *Result) MoveUp(p int) (Move, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	first, end := 0, p // no request gets to it at end; at first some do
	if alone := r.Policies[p].CoveredBy; len(alone) > 0 {
		end = alone[0] + 1
	}
	for first+1 < end {
		middle := (first + end) / 2
		switch r.newSearchAt(p, middle).run(true) {
		case Yes:
			first = middle
		case No:
			end = middle
		default:
			return Move{}, false
		}
	}
	return r.move(p, first)
}

// MoveBefore finds what comes of moving a policy before the one at a place. It
// returns false if that isn't decided, or if the policy would decide no request
// there.
func (r *Result) MoveBefore(p, place int) (Move, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.move(p, place)
}

func (r *Result) move(p, place int) (Move, bool) {
	m := Move{Before: place}
	if r.newSearchAt(p, place).run(true) != Yes {
		return m, false
	}
	for k := place; k < p; k++ {
		// A policy that keeps its witness stays reachable.
		if other := &r.Policies[k]; other.Reach != Reachable || !r.File.Policies[p].Matches(other.Witness) {
			continue
		}
		s := r.newSearch(k)
		s.addEarlier(p)
		switch s.run(true) {
		case No:
			m.Unreachable = append(m.Unreachable, k)
		case Unknown:
			return m, false
		}
	}
	return m, true
}

// MoveToEnd finds whether a policy would decide any request at the end of the
// list, and which Unreachable ones after it would still decide none.
func (r *Result) MoveToEnd(p int) (decides bool, unreachable []int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := len(r.Policies)
	for k := p + 1; k < n; k++ {
		s := r.newSearch(k)
		s.earlier.remove(p)
		if r.Policies[k].Reach == Unreachable && s.run(true) != Yes {
			unreachable = append(unreachable, k)
		}
	}
	return r.newSearchAt(p, n).run(true) == Yes, unreachable
}
