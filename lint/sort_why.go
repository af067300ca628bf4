package lint

import (
	"fmt"

	"ups/lint/analysis"
)

// Why says in a few lines why a policy stands after more general ones.
func (s *Sorted) Why(stuck analysis.Stuck) []string {
	last := stuck.General[len(stuck.General)-1]
	p := policyNames([]int{stuck.Policy})
	switch stuck.Reason {
	case analysis.Changes:
		return []string{
			"if it stood before, this would change: " + describe(stuck.Request),
			fmt.Sprintf("now %s, by %s", stuck.Now.Unlike(stuck.Then), decider(stuck.By)),
			fmt.Sprintf("then %s, by %s", stuck.Then.Unlike(stuck.Now), p),
		}
	case analysis.Separate:
		return []string{"it could stand before, but isn't moved because " + s.across(last, stuck.Policy)}
	case analysis.Around:
		return []string{"it could stand before, but only because of policies in other parts of the source, which depend on #if"}
	case analysis.Unproved:
		return []string{"it could stand before, but no order that is better as a whole is proved to keep every decision"}
	}
	return []string{"it is not decided whether it could stand before"}
}

// across says what is in the way.
func (s *Sorted) across(earlier, later int) string {
	b := s.BarrierBetween(earlier, later)
	switch {
	case b == nil:
		return "of what stands between"
	case !b.At.IsValid():
		return b.Why
	case b.Policy >= 0:
		return fmt.Sprintf("%s can't be moved, since %s: at %s", policyNames([]int{b.Policy}), b.Why, b.At)
	}
	return fmt.Sprintf("of %s, at %s", b.Why, b.At)
}
