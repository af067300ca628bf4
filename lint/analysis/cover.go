package analysis

import "slices"

// findCover finds out which earlier policies cover one: each that does so
// alone, or a set of which none can be left out.
func (r *Result) findCover(p int) {
	result := &r.Policies[p]
	if result.Reach == Unreachable {
		for q := range p {
			if r.covers(q, p) {
				result.CoveredBy = append(result.CoveredBy, q)
			}
		}
		if len(result.CoveredBy) > 0 {
			result.CoveredTogether = nil
			return
		}
	}
	for i := 0; i < len(result.CoveredTogether); {
		fewer := slices.Delete(slices.Clone(result.CoveredTogether), i, i+1)
		if r.coverTogether(fewer, p) {
			result.CoveredTogether = fewer
		} else {
			i++
		}
	}
}

// covers reports whether it is proved that q matches all that p does.
func (r *Result) covers(q, p int) bool {
	return r.patterns[q] != nil && r.patterns[p] != nil && r.groupsOf[p].within(r.groupsOf[q]) && r.includes(r.patterns[q], r.patterns[p]) == included
}

// coverTogether reports whether it is proved that some policies match all that p
// does, as far as the service is asked about it if p is NeverAsked.
func (r *Result) coverTogether(policies []int, p int) bool {
	s := &search{engine: r.engine, policy: p, end: p, earlier: setOf(len(r.patterns), policies)}
	return s.run(true) == No && (r.Policies[p].Reach == NeverAsked || s.run(false) == No)
}
