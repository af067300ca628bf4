package report

import (
	"fmt"
	"slices"
	"strings"

	"ups/cmd/ups/page/model"
)

// nodeView is a node of the tree of destinations.
type nodeView struct {
	*model.Node
	Entries []entryView
	Below   []*nodeView
	Open    bool // what is below it is shown at first
	Count   int  // patterns at and below it
}

// entryView is a policy in the tree.
type entryView struct {
	List, Number         int
	Class, Word, Clients string
	Note                 string
}

// openBelow is how many nodes may be below one that is open at first.
const openBelow = 40

// Tree returns the tree of destinations.
func (v *listView) Tree() *nodeView { return v.node(v.Model.Tree, 0) }

func (v *listView) node(n *model.Node, depth int) *nodeView {
	out := &nodeView{Node: n, Count: len(n.Patterns())}
	out.Open = depth == 0 || out.Count <= openBelow
	for _, e := range n.Entries {
		out.Entries = append(out.Entries, v.entry(e))
	}
	for _, below := range n.Below {
		out.Below = append(out.Below, v.node(below, depth+1))
	}
	return out
}

func (v *listView) entry(e model.Entry) entryView {
	p := &v.Model.Policies[e.Policy]
	out := entryView{List: v.Index, Number: e.Policy, Class: string(p.Effect), Word: string(p.Effect), Clients: p.Who}
	if p.Check != "passed or failed" {
		out.Clients += ", check " + p.Check
	}
	var notes []string
	if p.Reach == model.Shadowed {
		out.Class = "shadowed"
		notes = append(notes, "shadowed by "+numbers(byOf(p)))
	}
	if len(e.ExceptionTo) > 0 {
		notes = append(notes, "exception to "+numbers(e.ExceptionTo))
	}
	if len(e.After) > 0 && p.Reach != model.Shadowed {
		notes = append(notes, "after "+numbers(e.After))
	}
	out.Note = strings.Join(notes, "; ")
	return out
}

func byOf(p *model.Policy) []int {
	var by []int
	for _, share := range p.By {
		by = append(by, share.Policy)
	}
	slices.Sort(by)
	return by
}

// numbers lists a few policies.
func numbers(list []int) string {
	const shown = 4
	var names []string
	for i, n := range list {
		if i == shown {
			names = append(names, fmt.Sprintf("%d more", len(list)-i))
			break
		}
		names = append(names, fmt.Sprint(n))
	}
	return strings.Join(names, ", ")
}
