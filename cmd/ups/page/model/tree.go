package model

import (
	"slices"

	"ups/internal/wildcard"
	"ups/lint/analysis"
	"ups/policy"
)

// Node is a place in the tree of destinations: a pattern, or a group of patterns
// that have a part in common. What stands below a pattern is matched by it too.
type Node struct {
	Label   string  `json:"label"`             // of a group, the part that the patterns have in common
	Group   bool    `json:"group,omitempty"`   // or else a pattern
	Entries []Entry `json:"entries,omitempty"` // the policies of the pattern, in their order
	Below   []*Node `json:"below,omitempty"`
}

// Entry is a policy in the tree.
type Entry struct {
	Policy int `json:"policy"`
	// ExceptionTo are policies of the nearest pattern above that the policy is an
	// exception to: it stands before them, and has another outcome for clients
	// that both are for.
	ExceptionTo []int `json:"exceptionTo,omitempty"`
	// After are those that it stands after, although it is the more specific one.
	After []int `json:"after,omitempty"`
}

// Patterns returns the nodes of patterns at and below a node.
func (n *Node) Patterns() []*Node {
	var all []*Node
	if !n.Group {
		all = append(all, n)
	}
	for _, below := range n.Below {
		all = append(all, below.Patterns()...)
	}
	return all
}

// branch is a pattern while the tree is made.
type branch struct {
	*Node
	pattern policy.Text
	folded  []wildcard.Letter
	regular bool
	below   []*branch
}

// treeOf returns the tree of a list's destinations. Its top is the pattern for
// all destinations, or a group in its place.
func treeOf(f *policy.File, a *analysis.Result, policies []Policy) *Node {
	branches := branchesOf(f, policies)
	top := &branch{Node: &Node{Label: "any destination", Group: true}}
	if i := slices.IndexFunc(branches, func(b *branch) bool { return isEverything(b.folded) }); i >= 0 {
		top = branches[i]
		branches = slices.Delete(branches, i, i+1)
	}
	for _, b := range branches {
		above := innermost(branches, b)
		if above == nil {
			above = top
		}
		above.below = append(above.below, b)
	}
	top.finish(nil)
	e := exceptions{f, a}
	e.mark(top.Node, nil)
	return top.Node
}

func isEverything(folded []wildcard.Letter) bool { return len(folded) == 1 && folded[0] == '*' }

// branchesOf returns a branch for each pattern.
func branchesOf(f *policy.File, policies []Policy) []*branch {
	var alphabet wildcard.Alphabet
	var all []*branch
	known := map[string]*branch{}
	for i := range f.Policies {
		pattern := f.Policies[i].Destination
		b := known[keyOf(pattern)]
		if b == nil {
			b = &branch{Node: &Node{Label: policies[i+1].Destination}, pattern: pattern}
			b.folded, b.regular = fold(&alphabet, pattern)
			known[keyOf(pattern)] = b
			all = append(all, b)
		}
		b.Entries = append(b.Entries, Entry{Policy: i + 1})
	}
	return all
}

// innermost returns the most specific branch that includes another, or nil.
func innermost(all []*branch, b *branch) *branch {
	var best *branch
	for i, outer := range all {
		if outer == b || !includes(outer, b) {
			continue
		}
		if includes(b, outer) && slices.Index(all[:i], b) >= 0 {
			continue // they are the same, and the first is the outer one
		}
		if best == nil || includes(best, outer) && !includes(outer, best) {
			best = outer
		}
	}
	return best
}

// finish puts what is below a branch into groups.
func (b *branch) finish(above *common) {
	own := above
	if b.regular {
		own = commonOf(b.pattern)
	}
	for _, below := range b.below {
		below.finish(own)
	}
	b.Below = grouped(b.below, own)
}

// exceptions finds which policies are exceptions to those above them.
type exceptions struct {
	file     *policy.File
	analysis *analysis.Result
}

// maxAbove is how many policies above are looked at for each below.
const maxAbove = 64

// mark compares the entries of a node, and of all below it, with those of the
// nearest pattern above.
func (e exceptions) mark(n *Node, above []Entry) {
	for i := range n.Entries {
		e.compare(&n.Entries[i], above[:min(maxAbove, len(above))])
	}
	if !n.Group {
		above = n.Entries
	}
	for _, below := range n.Below {
		e.mark(below, above)
	}
}

func (e exceptions) compare(entry *Entry, above []Entry) {
	for _, rule := range above {
		p, q := entry.Policy-1, rule.Policy-1
		switch {
		case !e.share(p, q):
		case p > q:
			entry.After = append(entry.After, rule.Policy)
		case e.analysis.Policies[p].Outcome != e.analysis.Policies[q].Outcome:
			entry.ExceptionTo = append(entry.ExceptionTo, rule.Policy)
		}
	}
}

// share reports whether two policies are for the same client in some situation.
func (e exceptions) share(p, q int) bool {
	a, b := &e.file.Policies[p], &e.file.Policies[q]
	for _, passed := range []bool{true, false} {
		if a.Security.Holds(passed) && b.Security.Holds(passed) {
			return !analysis.SIDsOf(a).Common(analysis.SIDsOf(b)).Empty()
		}
	}
	return false
}
