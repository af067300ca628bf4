package analysis

import (
	"slices"
	"sort"
)

// Moved returns as few policies as possible whose moves make the order, while
// all others keep theirs. They are in their new order.
func (o *Order) Moved() []int {
	stays := o.longestAscent()
	var moved []int
	for _, p := range o.Places {
		if !stays[p] {
			moved = append(moved, p)
		}
	}
	return moved
}

// longestAscent returns the policies of a longest ascending subsequence, found by
// patience sorting: tops has for each length where in Places the sequence of that
// length ends whose end is the lowest.
func (o *Order) longestAscent() map[int]bool {
	var tops []int
	before := make([]int, len(o.Places))
	for i, p := range o.Places {
		n := sort.Search(len(tops), func(n int) bool { return o.Places[tops[n]] > p })
		if n == len(tops) {
			tops = append(tops, i)
		}
		tops[n], before[i] = i, -1
		if n > 0 {
			before[i] = tops[n-1]
		}
	}
	stays := map[int]bool{}
	if len(tops) == 0 {
		return stays
	}
	for i := tops[len(tops)-1]; i >= 0; i = before[i] {
		stays[o.Places[i]] = true
	}
	return stays
}

// Renumbered returns the order with other numbers for its policies: each by the
// number that stands at its own.
func (o *Order) Renumbered(numbers []int) *Order {
	out := &Order{Places: renumbered(o.Places, numbers), Undecided: renumbered(o.Undecided, numbers)}
	slices.Sort(out.Undecided)
	for _, s := range o.Stuck {
		s.Policy, s.General = numbers[s.Policy], renumbered(s.General, numbers)
		if s.Reason == Changes {
			s.By = numbers[s.By]
		}
		out.Stuck = append(out.Stuck, s)
	}
	slices.SortFunc(out.Stuck, func(a, b Stuck) int { return a.Policy - b.Policy })
	return out
}

func renumbered(policies, numbers []int) []int {
	var out []int
	for _, p := range policies {
		out = append(out, numbers[p])
	}
	return out
}
