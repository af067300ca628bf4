package format

import (
	"cmp"
	"slices"

	"ups/grammar"
)

// keywords begin a statement.
var keywords = []string{"UID2", "UID3", "NAME", "CHARACTER_SET", "enum", "ENUM", "STRUCT", "GLOBAL", "LOCAL", "RESOURCE"}

// statement is a stretch of tokens. One that has a reason is left as it is.
type statement struct {
	first, last int // tokens
	reason      string
}

const (
	unbalanced = "a brace in it is opened or closed by a macro"
	divided    = "a conditional in it has a brace that is closed outside of its branch"
	misshapen  = "a macro stands for a part of its form"
	marked     = "a # in it doesn't begin its line"
)

// cutter finds the statements of a text, and matches the braces in them.
type cutter struct {
	tokens     []token
	close      map[int]int // of each { that is laid out, its }
	open       []int       // { that aren't closed yet
	parens     int         // that aren't closed yet
	branches   []branch    // of conditionals
	reason     string      // why the present statement can't be laid out
	statements []statement
	first      int  // token of the present statement
	complete   bool // it may end here
}

// branch is a branch of a conditional.
type branch struct {
	depth, least int // of braces: where the conditional began, and since
}

func cut(tokens []token) *cutter {
	c := &cutter{tokens: tokens, close: map[int]int{}}
	for i := range tokens[:len(tokens)-1] {
		c.remarks(i)
		c.token(i)
	}
	end := len(tokens) - 1
	c.remarks(end)
	if end > 0 {
		c.finish(end)
	}
	return c
}

// remarks follows the conditionals before a token.
func (c *cutter) remarks(i int) {
	for _, r := range c.tokens[i].before {
		n := len(c.branches)
		switch kind := r.condition(); {
		case kind == "if":
			c.branches = append(c.branches, branch{depth: len(c.open), least: len(c.open)})
		case n > 0 && (kind == "elif" || kind == "else" || kind == "endif"):
			b := &c.branches[n-1]
			if len(c.open) != b.depth || b.least < b.depth || c.parens > 0 {
				c.refuse(divided)
			}
			b.least = len(c.open)
			if kind == "endif" {
				c.branches = c.branches[:n-1]
			}
		}
	}
}

func (c *cutter) token(i int) {
	t := &c.tokens[i]
	if i > c.first && len(c.open) == 0 && c.parens == 0 && c.begins(i) {
		c.finish(i)
	}
	switch {
	case t.Is("#"):
		c.refuse(marked)
	case t.Is("("):
		c.parens++
	case t.Is(")"):
		c.parens--
		if c.parens < 0 {
			c.parens = 0
			c.refuse(misshapen)
		}
	case c.parens > 0: // an argument of a macro may be anything
	case t.Is("{"):
		c.open = append(c.open, i)
		if i == c.first || !c.opens(i) {
			c.refuse(misshapen)
		}
	case t.Is("}"):
		c.closed(i)
	case t.Is(";") && len(c.open) > 0 && !c.holdsFields(c.open[len(c.open)-1]):
		c.refuse(misshapen)
	}
}

// refuse notes why the present statement can't be laid out.
func (c *cutter) refuse(reason string) { c.reason = cmp.Or(c.reason, reason) }

func (c *cutter) closed(i int) {
	n := len(c.open)
	if n == 0 {
		c.refuse(unbalanced)
		return
	}
	c.close[c.open[n-1]] = i
	c.open = c.open[:n-1]
	for b := range c.branches {
		c.branches[b].least = min(c.branches[b].least, n-1)
	}
	c.complete = n == 1
}

// begins reports whether a statement begins at a token that no brace is open
// before: at a keyword, or where a macro stands for one.
func (c *cutter) begins(i int) bool {
	t, before := &c.tokens[i], &c.tokens[i-1]
	switch {
	case t.Is("RESOURCE") && (before.Is("LOCAL") || before.Is("GLOBAL")), t.Is("STRUCT") && c.tokens[c.first].Is("STRUCT") && !c.complete:
		return false
	case slices.ContainsFunc(keywords, t.Is):
		return true
	}
	return !t.Is(";") && c.reason == "" && (c.complete || c.macroFollows(i))
}

// macroFollows reports whether a statement without braces has ended with its
// line, and a macro begins the next.
func (c *cutter) macroFollows(i int) bool {
	first, t, before := &c.tokens[c.first], &c.tokens[i], &c.tokens[i-1]
	return i > c.first+1 && slices.ContainsFunc(keywords[:4], first.Is) && t.Kind == grammar.Name && t.breaks() &&
		(before.Kind == grammar.Name || before.Kind == grammar.Number || before.Is(")") || before.Is(";"))
}

// opens reports whether a { stands where the language has one.
func (c *cutter) opens(i int) bool {
	before := &c.tokens[i-1]
	return before.Kind == grammar.Name || before.Is("=") || before.Is(",") || before.Is("{")
}

// holdsFields reports whether the block of a { has fields, and not a list.
func (c *cutter) holdsFields(i int) bool {
	return i > 0 && c.tokens[i-1].Kind == grammar.Name && !c.isEnum(i)
}

// isEnum reports whether the block of a { is that of an enum.
func (c *cutter) isEnum(i int) bool {
	for _, before := range []int{i - 1, i - 2} {
		if before >= 0 && (c.tokens[before].Is("enum") || c.tokens[before].Is("ENUM")) {
			return true
		}
	}
	return false
}

// finish ends the present statement before a token.
func (c *cutter) finish(next int) {
	if len(c.open) > 0 || c.parens > 0 {
		c.refuse(unbalanced)
	}
	if c.reason == "" && !c.wellFormed(next) {
		c.refuse(misshapen)
	}
	c.statements = append(c.statements, statement{c.first, next - 1, c.reason})
	c.first, c.complete, c.reason = next, false, ""
	c.open, c.parens = nil, 0
}

// wellFormed reports whether outside of its braces the present statement, up to
// the next, has nothing that belongs into some.
func (c *cutter) wellFormed(next int) bool {
	known := slices.ContainsFunc(keywords, c.tokens[c.first].Is)
	for i := c.first; i < next; i++ {
		t := &c.tokens[i]
		switch {
		case t.Is("{") && !known, t.Is("="), t.Is(","), t.Is(";") && i+1 < next && !c.tokens[i+1].Is(";"):
			return false
		case t.Is("{"):
			i = c.close[i]
		case t.Is("("):
			i = closing(c.tokens, i)
		}
	}
	return true
}

// closing returns the ) of a (, or the last token.
func closing(tokens []token, i int) int {
	depth := 0
	for ; i < len(tokens)-1; i++ {
		switch {
		case tokens[i].Is("("):
			depth++
		case tokens[i].Is(")"):
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return i
}
