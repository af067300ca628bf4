package model

import (
	"cmp"
	"maps"
	"slices"

	"ups/lint/analysis"
	"ups/policy"
)

// maxBy is how many policies are named that decide what another matches too.
const maxBy = 5

// builder decides the sample.
type builder struct {
	file     *policy.File
	analysis *analysis.Result
	matcher  *matcher
	rows     *rows
	known    map[string]bool // the destinations of the sample, by their keys

	decided []decided
	cells   []map[int]*Cell // of each row, by policy; -1 is the default policy
	takers  []map[int]int   // of each policy: how many of its requests others decide
}

// decided is a request of the sample, with the policy that decides it.
type decided struct {
	row int
	policy.Request
	by int
}

func newBuilder(f *policy.File, a *analysis.Result) *builder {
	b := &builder{
		file: f, analysis: a, matcher: newMatcher(f.Policies), rows: newRows(a),
		known: map[string]bool{}, takers: make([]map[int]int, len(f.Policies)),
	}
	for range b.rows.kinds {
		b.cells = append(b.cells, map[int]*Cell{})
	}
	return b
}

// decideAll decides all requests of the sample. Where a policy decides none of a
// row although it is for its clients, one is looked for, or the proof that there
// is none.
func (b *builder) decideAll() {
	for _, t := range b.destinations() {
		b.add(t)
	}
	for row := range b.rows.kinds {
		if b.rows.isJoint(row) {
			b.decideJoint(row)
		}
		for _, p := range slices.Sorted(maps.Keys(b.rows.members[row])) {
			if b.rows.isAsked(row) && b.cells[row][p] == nil {
				b.prove(row, p)
			}
		}
	}
}

// destinations returns those that are made of patterns, and those that the
// analysis has found.
func (b *builder) destinations() []policy.Text {
	all := textsOf(b.file.Policies)
	for _, result := range b.analysis.Policies {
		if result.Reach == analysis.Reachable {
			all = append(all, result.Witness.Destination)
		}
	}
	for _, gap := range b.analysis.Gaps {
		all = append(all, gap.Request.Destination)
	}
	if len(all) == 0 {
		all = append(all, policy.NewText("x"))
	}
	return all
}

// add adds a destination to the sample, and decides it for all rows of one kind.
func (b *builder) add(t policy.Text) {
	key := keyOf(t)
	if b.known[key] {
		return
	}
	b.known[key] = true
	matching := b.matcher.match(t)
	for row := range b.rows.kinds {
		if b.rows.isAsked(row) && !b.rows.isJoint(row) {
			b.decide(row, b.rows.members[row], b.rows.kinds[row][0].Client, t, matching)
		}
	}
}

// decideJoint decides the requests of a row of several kinds: one for each policy,
// of the first kind that it is for.
func (b *builder) decideJoint(row int) {
	done := map[int]bool{}
	for _, kind := range b.rows.kinds[row] {
		for _, p := range kind.Policies {
			if !done[p] {
				done[p] = true
				b.decideKind(row, &kind, madeOf(b.file.Policies[p].Destination)[0])
			}
		}
	}
}

func (b *builder) decideKind(row int, kind *analysis.ClientKind, t policy.Text) {
	b.decide(row, setOf(kind.Policies), kind.Client, t, b.matcher.match(t))
}

// decide finds the first policy that is for a client and matches a destination. It
// counts for those after it that they match too.
func (b *builder) decide(row int, members map[int]bool, c analysis.Client, t policy.Text, matching []int) {
	decider := -1
	for _, p := range matching {
		switch {
		case !members[p]:
		case decider < 0:
			decider = p
		default:
			b.take(p, decider)
		}
	}
	cell := b.cell(row, decider)
	cell.Reach, cell.Requests = Decides, cell.Requests+1
	b.decided = append(b.decided, decided{row, policy.Request{SID: c.SID, Passed: c.Passed, Destination: t}, decider})
}

func (b *builder) take(p, decider int) {
	if b.takers[p] == nil {
		b.takers[p] = map[int]int{}
	}
	b.takers[p][decider]++
}

func (b *builder) cell(row, p int) *Cell {
	if b.cells[row][p] == nil {
		b.cells[row][p] = &Cell{Policy: p + 1}
	}
	return b.cells[row][p]
}

// prove finds out whether a policy decides anything for the clients of a row,
// where the sample has nothing that it does.
func (b *builder) prove(row, p int) {
	kinds := b.rows.kinds[row]
	of := func(c analysis.Client) int {
		return slices.IndexFunc(kinds, func(k analysis.ClientKind) bool { return k.Client == c })
	}
	request, found := b.analysis.Find(p, func(c analysis.Client) bool { return of(c) >= 0 })
	switch {
	case found == analysis.No:
		b.cell(row, p).Reach = Shadowed
	case found == analysis.Yes && b.rows.isJoint(row):
		b.decideKind(row, &kinds[of(analysis.Client{SID: request.SID, Passed: request.Passed})], request.Destination)
	case found == analysis.Yes:
		b.add(request.Destination)
	}
	if cell := b.cell(row, p); cell.Reach == "" {
		cell.Reach = Unproved
	}
}

// fill writes what was decided into a list.
func (b *builder) fill(l *List) {
	l.Sample = Sample{Destinations: len(b.known), Requests: len(b.decided)}
	for i := range b.rows.kinds {
		row := b.rows.describe(i)
		for _, p := range b.order(i) {
			row.Cells = append(row.Cells, *b.cells[i][p])
			row.Requests += b.cells[i][p].Requests
		}
		if row.Asked != AskedNever {
			l.Sample.Kinds += row.Kinds
		}
		l.Rows = append(l.Rows, row)
	}
	for _, d := range b.decided {
		p := &l.Policies[d.by+1]
		p.Requests++
		p.Reach = Decides // which a pattern that isn't regular may leave unproved
		if p.Example == nil {
			p.Example = &Request{d.SID, d.Passed, shown(d.Destination)}
		}
	}
	for p, by := range b.takers {
		b.fillTakers(&l.Policies[p+1], by)
	}
}

// order returns the policies of a row's cells, the default policy last.
func (b *builder) order(row int) []int {
	return slices.SortedFunc(maps.Keys(b.cells[row]), func(p, q int) int { return cmp.Compare(uint(p), uint(q)) })
}

// fillTakers writes who decides what a policy matches: in the sample, or, where
// it is shadowed, by the proof.
func (b *builder) fillTakers(p *Policy, by map[int]int) {
	p.Matches = p.Requests
	var all []Share
	for q, requests := range by {
		p.Matches += requests
		all = append(all, Share{q + 1, requests})
	}
	if p.Reach == Shadowed {
		all = nil
		for _, q := range b.analysis.Policies[p.Number-1].Cover() {
			all = append(all, Share{q + 1, by[q]})
		}
	}
	slices.SortFunc(all, func(a, b Share) int {
		return cmp.Or(cmp.Compare(b.Requests, a.Requests), cmp.Compare(a.Policy, b.Policy))
	})
	p.By = all[:min(maxBy, len(all))]
}
