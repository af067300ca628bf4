package analysis

import (
	"fmt"
	"slices"

	"ups/policy"
)

// Most policies of a new version stand in the old one too, in the same order.
// Such pairs make questions unnecessary. Let a request be decided by policy i of the old
// list, so that no policy before i matches it: then none that is paired with
// one before i does either. And if i has a pair, that one matches it. So what
// decides the request in the new list is a policy without a pair, of which
// there are few; or, if i has a pair, that one; or else one that is paired with
// a policy after i.

// narrow leaves out of a question about policy i of the old list those of the
// new list that can't decide what i decides.
func (c *comparison) narrow(some set, i int, q *question) set {
	if i < 0 {
		return intersection(some, c.unpaired)
	}
	if c.pairs[i] >= 0 {
		q.list.hi, q.rest = c.pairs[i], q.want
		return intersection(some, c.unpaired)
	}
	some = slices.Clone(some)
	for k := c.m; k < len(c.pairs); k++ {
		if old := c.pairs[k]; old >= 0 && old < i {
			some.remove(k)
		}
	}
	return some
}

// pair pairs policies that match and do the same, as many as possible.
func (c *comparison) pair() {
	c.pairs, c.unpaired = slices.Repeat([]int{-1}, len(c.policies)), newSet(len(c.policies))
	kinds := c.kinds()
	for _, pair := range commonSubsequence(kinds[:c.m], kinds[c.m:]) {
		i, k := pair[0], c.m+pair[1]
		c.pairs[i], c.pairs[k] = k, i
	}
	for p, pair := range c.pairs {
		if p < c.m || pair < 0 {
			c.unpaired.add(p)
		}
	}
}

// kinds numbers the policies so that those that match and do the same have the
// same number.
func (c *comparison) kinds() []int {
	type kind struct {
		sids, destination string
		security          policy.Security
		outcome           Outcome
	}
	numbers := map[kind]int{}
	kinds := make([]int, len(c.policies))
	for i, p := range c.policies {
		k := kind{fmt.Sprintf("%d %d", c.sids[i].Classes, c.sids[i].SIDs), fmt.Sprintf("%d", p.Destination), p.Security, c.outcomes[i]}
		if _, ok := numbers[k]; !ok {
			numbers[k] = len(numbers)
		}
		kinds[i] = numbers[k]
	}
	return kinds
}

// commonSubsequence returns the places, in both lists, of a longest common
// subsequence. It takes time and memory in proportion to the product of the
// lengths, without what both begin and end with; each is under 3,000.
func commonSubsequence(a, b []int) [][2]int {
	var pairs [][2]int
	head := 0
	for head < min(len(a), len(b)) && a[head] == b[head] {
		pairs = append(pairs, [2]int{head, head})
		head++
	}
	tail := 0
	for tail < min(len(a), len(b))-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	for _, pair := range longestSubsequence(a[head:len(a)-tail], b[head:len(b)-tail]) {
		pairs = append(pairs, [2]int{head + pair[0], head + pair[1]})
	}
	for ; tail > 0; tail-- {
		pairs = append(pairs, [2]int{len(a) - tail, len(b) - tail})
	}
	return pairs
}

// longestSubsequence is the textbook's table: longest[i*width+k] is the length
// for what is left from a[i] and b[k] on.
func longestSubsequence(a, b []int) (pairs [][2]int) {
	width := len(b) + 1
	longest := make([]uint16, (len(a)+1)*width)
	for i := len(a) - 1; i >= 0; i-- {
		for k := len(b) - 1; k >= 0; k-- {
			if a[i] == b[k] {
				longest[i*width+k] = longest[(i+1)*width+k+1] + 1
			} else {
				longest[i*width+k] = max(longest[(i+1)*width+k], longest[i*width+k+1])
			}
		}
	}
	for i, k := 0, 0; i < len(a) && k < len(b); {
		switch {
		case a[i] == b[k]:
			pairs = append(pairs, [2]int{i, k})
			i, k = i+1, k+1
		case longest[(i+1)*width+k] >= longest[i*width+k+1]:
			i++
		default:
			k++
		}
	}
	return pairs
}
