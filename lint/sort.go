package lint

import (
	"slices"

	"ups/diag"
	"ups/lint/analysis"
	"ups/policy"
)

// Sorted is a list with its policies in order.
type Sorted struct {
	*analysis.Order
	// Text is the source with its policies in that order. It is nil for a
	// compiled file.
	Text []byte
	// Barriers are what policies don't move across, in the order of the source.
	Barriers []Barrier
	// File is the list of Text.
	File *policy.File
	// Refused says why Text is the source as it was, although policies would
	// move; "" if it isn't so.
	Refused string

	next []Barrier // those of Text
}

// Moves reports whether a policy stands in another place.
func (s *Sorted) Moves() bool { return !slices.IsSorted(s.Places) }

// Barrier is what keeps policies from moving.
type Barrier struct {
	After int // the place of the policy that stands before it
	// Policy is the place of one that can't be moved, if that is the reason,
	// else -1.
	Policy int
	At     diag.Pos // not valid if it is the source as a whole
	Why    string   // why the policy can't be moved, or a directive
}

// BarrierBetween returns the first barrier between two policies, given by place,
// or nil.
func (s *Sorted) BarrierBetween(earlier, later int) *Barrier {
	i := slices.IndexFunc(s.Barriers, func(b Barrier) bool { return b.After >= earlier && b.After < later })
	if i < 0 {
		return nil
	}
	return &s.Barriers[i]
}

// Sort finds an order of a list with the more specific policies first that keeps
// every decision for regular destinations, and a source that has it. Comments
// and macros move with their policies. The source is compiled, by compile, and
// the two lists are compared: what can't be proved isn't changed.
func Sort(in *Input, budget int, compile func(text []byte) *Input) *Sorted {
	options := analysis.OrderOptions{Options: analysis.Options{Budget: budget}}
	if in.Tree == nil {
		return &Sorted{Order: analysis.Sort(in.File, options), File: in.File}
	}
	in.prepare(&Config{})
	cut := in.cutList()
	options.Stretch, options.Alone = cut.stretch, cut.alone
	s := &Sorted{Order: analysis.Sort(in.File, options), Text: in.sourceText(), Barriers: cut.barriers, File: in.File}
	if !s.Moves() {
		return s
	}
	text := cut.reordered(s.Places)
	next := compile(text)
	if s.Refused = in.unlike(next, s.Places, options.Options); s.Refused == "" {
		s.Text, s.File, s.next = text, next.File, next.cutList().barriers
	}
	return s
}

// Written returns what is said of Text: its policies are in order, and given by
// their places there.
func (s *Sorted) Written() *Sorted {
	if s.Refused != "" || !s.Moves() {
		return s
	}
	now := make([]int, len(s.Places))
	for i, p := range s.Places {
		now[p] = i
	}
	return &Sorted{Order: s.Renumbered(now), Text: s.Text, File: s.File, Barriers: s.next}
}

// unlike says in what a list isn't the same in another order.
func (in *Input) unlike(next *Input, places []int, o analysis.Options) string {
	switch {
	case next == nil || next.File == nil || next.Tree == nil:
		return "the source would not compile"
	case !sameHead(in.File, next.File):
		return "more than the policies would change"
	case !samePolicies(in.File.Policies, next.File.Policies, places):
		return "the policies would not be the same"
	}
	next.prepare(&Config{})
	switch {
	case !slices.Equal(in.sortedComments(), next.sortedComments()):
		return "a comment would be lost"
	case !sameIgnores(in.ignoresByPolicy(), next.ignoresByPolicy(), places):
		return "an ups:ignore would be for another policy"
	case analysis.CompareOrders(in.File, next.File, o).Changed != analysis.No:
		return "it is not proved to keep every decision"
	}
	return ""
}

// samePolicies reports whether each policy is there once, in the given order.
func samePolicies(before, after []policy.Policy, places []int) bool {
	if len(before) != len(places) || len(after) != len(places) {
		return false
	}
	for i, p := range places {
		if !samePolicy(before[p], after[i]) {
			return false
		}
	}
	return true
}

// samePolicy compares all but the places in the source.
func samePolicy(a, b policy.Policy) bool {
	return a.SIDClasses == b.SIDClasses && slices.Equal(a.SIDs, b.SIDs) && a.Security == b.Security &&
		slices.Equal(a.Destination, b.Destination) && a.Options == b.Options && a.PolicyEvaluator == b.PolicyEvaluator &&
		a.DialogCreator == b.DialogCreator && a.Flags == b.Flags && a.ReservedWord == b.ReservedWord && a.ReservedLink == b.ReservedLink
}

// sortedComments returns all comments of the source itself.
func (in *Input) sortedComments() []string {
	var out []string
	for _, c := range in.comments() {
		out = append(out, c.text)
	}
	slices.Sort(out)
	return out
}

// ignoresByPolicy returns the ignores of each policy, by number; those of the
// file have 0.
func (in *Input) ignoresByPolicy() map[int][]string {
	out := map[int][]string{}
	for _, c := range in.Tree.Comments {
		if text, ok := ignoreText(c.Text); ok {
			p, placed := in.ignoredPolicy(c, in.commentSpan(c))
			if !placed {
				p = -1
			}
			out[p] = append(out[p], text)
		}
	}
	return out
}

func sameIgnores(before, after map[int][]string, places []int) bool {
	for i, p := range places {
		if !slices.Equal(before[p+1], after[i+1]) {
			return false
		}
	}
	return slices.Equal(before[0], after[0]) && len(before[-1]) == len(after[-1])
}
