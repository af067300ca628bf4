package lint

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"ups/grammar"
)

// cutList is the source of a list, cut so that policies can change places.
type cutList struct {
	*Input
	text     string
	notes    []comment
	pieces   []piece // of each policy
	stretch  []int   // of each policy: those of one number can change places
	barriers []Barrier
	alone    bool // a stretch must be in order whatever stands around it
}

// piece is the text of a policy, as offsets. What stands between the end of one
// and the lead of the next belongs to neither, and stays where it is.
type piece struct {
	lead  int // white space before its comments
	head  int // its comments, and those on its line
	first int // the policy itself
	last  int // its end; comments may follow before the comma
	comma int // where its comma is; its end if it has none
	tail  int // after the comma: comments that follow on the line
	end   int
	stays string // why it can't be moved, "" if it can
}

// comment is one of the source itself, as offsets.
type comment struct {
	from, to int
	text     string
}

// comments returns those of the source itself, in their order.
func (in *Input) comments() []comment {
	var out []comment
	for _, c := range in.Tree.Comments {
		s := in.commentSpan(c)
		if text := in.textOf(s); text != "" && strings.HasPrefix(text, c.Text[:2]) {
			out = append(out, comment{s.Start.Offset, s.End.Offset, text})
		}
	}
	slices.SortFunc(out, func(a, b comment) int { return cmp.Compare(a.from, b.from) })
	return out
}

// cutList cuts the list of a source.
func (in *Input) cutList() *cutList {
	c := &cutList{Input: in, text: string(in.sourceText()), notes: in.comments()}
	for i, n := range in.nodes {
		c.pieces = append(c.pieces, c.piece(i, n))
	}
	whole := c.refusal()
	number := 0
	for i := range c.pieces {
		if b := c.between(i, whole); b != nil {
			number++
			c.barriers = append(c.barriers, *b)
		}
		c.stretch = append(c.stretch, number)
	}
	return c
}

// piece finds the text of a policy.
func (c *cutList) piece(i int, n *grammar.StructValue) piece {
	from, to, ok := c.extent(n.Node)
	if !ok {
		return piece{stays: "it isn't written in the source itself, plainly"}
	}
	p := piece{first: from, last: to, comma: to, tail: to}
	if next := c.Tree.Tokens[n.Last+1]; next.Is(",") {
		at := c.Tree.TokenSpan(n.Last + 1)
		if next.FromMacro() || c.textOf(at) != "," {
			return piece{stays: "its comma comes out of a macro"}
		}
		p.comma, p.tail = at.Start.Offset, at.End.Offset
	} else if !next.Is("}") || next.FromMacro() {
		return piece{stays: "what ends it isn't written in the source itself"}
	}
	if hasDirective(c.text[p.last:p.comma]) {
		return piece{stays: "a directive stands between it and its comma"}
	}
	p.end = c.lineComments(p.tail)
	c.findHead(&p, c.endBefore(i, n.First))
	return p
}

// extent returns the offsets of a policy that is written in the source itself,
// or is all that one use of a macro there stands for.
func (c *cutList) extent(n grammar.Node) (from, to int, ok bool) {
	for t := n.First; t <= n.Last; t++ {
		if !c.plain(t) {
			return 0, 0, false
		}
	}
	first, last := c.Tree.TokenSpan(n.First), c.Tree.TokenSpan(n.Last)
	from, to = first.Start.Offset, last.End.Offset
	if c.Tree.Tokens[n.First].FromMacro() && c.Tree.TokenSpan(n.First-1).Start == first.Start {
		return 0, 0, false
	}
	if c.Tree.Tokens[n.Last].FromMacro() {
		if c.Tree.TokenSpan(n.Last+1).Start == last.Start {
			return 0, 0, false
		}
		to = argumentsEnd(c.text, to)
	}
	return from, to, from < to && to <= len(c.text) && !hasDirective(c.text[from:to])
}

// token is what can't be cut in two in the arguments of a macro, or a
// parenthesis.
var token = regexp.MustCompile(`(?s)//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[()]`)

// argumentsEnd returns the end of the arguments that follow the name of a macro,
// or the offset itself if none do.
func argumentsEnd(text string, at int) int {
	open := len(text) - len(strings.TrimLeft(text[at:], " \t\r\n\\"))
	if !strings.HasPrefix(text[open:], "(") {
		return at
	}
	depth := 0
	for end := open; ; {
		next := token.FindStringIndex(text[end:])
		if next == nil {
			return at
		}
		switch text[end+next[0]] {
		case '(':
			depth++
		case ')':
			depth--
		}
		if end += next[1]; depth == 0 {
			return end
		}
	}
}

// lineComments returns the end of the comments that follow on the same line, if
// nothing else does; otherwise the offset itself.
func (c *cutList) lineComments(at int) int {
	end := at
	for i := c.commentAt(at); i < len(c.notes); i++ {
		between := c.text[end:c.notes[i].from]
		if strings.TrimSpace(between) != "" || strings.Contains(between, "\n") {
			break
		}
		end = c.notes[i].to
	}
	rest, _, _ := strings.Cut(c.text[end:], "\n")
	if strings.TrimSpace(rest) != "" {
		return at
	}
	return end
}

// commentAt returns the place of the first comment that begins at an offset or
// after it.
func (c *cutList) commentAt(at int) int {
	i, _ := slices.BinarySearchFunc(c.notes, at, func(n comment, at int) int { return cmp.Compare(n.from, at) })
	return i
}

// endBefore returns where what stands before a policy ends.
func (c *cutList) endBefore(i, first int) int {
	if i > 0 && c.pieces[i-1].stays == "" {
		return c.pieces[i-1].end
	}
	before := c.Tree.TokenSpan(first - 1)
	if c.textOf(before) == "" {
		return 0
	}
	return before.End.Offset
}

// findHead finds the comments before a policy that belong to it: those on the
// lines right above, or on its own, and from the first ups:ignore on all.
func (c *cutList) findHead(p *piece, after int) {
	p.head = p.first
	near := true
	for i := c.commentAt(p.first) - 1; i >= 0 && c.notes[i].from >= after; i-- {
		note := c.notes[i]
		between := c.text[note.to:p.head]
		near = near && strings.TrimSpace(between) == "" && strings.Count(between, "\n") <= 1 && (c.startsLine(note.from) || !strings.Contains(c.text[note.to:p.first], "\n"))
		_, ignores := ignoreText(note.text)
		if !near && !ignores {
			continue
		}
		p.head = note.from
	}
	if hasDirective(c.text[p.head:p.first]) {
		p.stays = "a directive stands between it and its comments"
	}
	before := strings.TrimRight(c.text[after:p.head], " \t\r\n")
	p.lead = after + len(before)
}

// startsLine reports whether nothing but white space stands before an offset on
// its line.
func (c *cutList) startsLine(at int) bool {
	return strings.TrimSpace(c.text[strings.LastIndexByte(c.text[:at], '\n')+1:at]) == ""
}

// between returns what keeps a policy and the one before it from changing
// places, or nil. whole is what keeps all.
func (c *cutList) between(i int, whole string) *Barrier {
	switch {
	case i == 0:
		return nil
	case whole != "":
		return &Barrier{After: i - 1, Policy: -1, Why: whole}
	}
	for _, p := range []int{i - 1, i} {
		if why := c.pieces[p].stays; why != "" {
			return &Barrier{i - 1, p, c.File.Policies[p].Places.Whole.Span.Start, why}
		}
	}
	from, to := c.pieces[i-1].end, c.pieces[i].lead
	between := directives(c.text[from:to])
	if len(between) == 0 {
		return nil
	}
	d := between[0]
	line, _, _ := strings.Cut(c.text[from+d.at:to], "\n")
	return &Barrier{i - 1, -1, c.posOf(from + d.at), strings.TrimSpace(line)}
}

// refusal returns why nothing can be moved, "" if something can: what is
// proved is of one form of the source, so conditions must be among the policies,
// and change nothing but which of them there are. Each stretch between them is
// then sorted by itself.
func (c *cutList) refusal() string {
	if !isConditional(c.Tree) || len(c.pieces) == 0 {
		return ""
	}
	c.alone = true
	span := c.Tree.Span(policyList(c.Tree).Range())
	inside := c.textOf(span)
	if conditions(inside) != conditionsOf(c.Tree) {
		return "the source has parts outside of its list of policies that depend on #if, and the proof would be of one of its forms only"
	}
	if slices.ContainsFunc(directives(inside), func(d directive) bool { return !d.parts() }) {
		return "the list of policies has #if and other directives, and the proof would be of one of its forms only"
	}
	return ""
}
