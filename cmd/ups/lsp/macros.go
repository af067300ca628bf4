package lsp

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"ups/grammar"
)

// macro is a #define without parameters that stands for something.
type macro struct {
	name, body string
}

// macros returns the macros of what a source reads, but for those of the headers
// that come with the program, in the order of reading.
func (c *compilation) macros() []macro {
	var out []macro
	for _, src := range c.result.Tree.Sources {
		if src.Builtin {
			continue
		}
		text := string(src.Text)
		for _, n := range c.piecesOf(src).definitions() {
			body := strings.Join(strings.Fields(text[min(n.end, n.start+len(n.name)):n.end]), " ")
			if n.kind == macroName && body != "" && text[n.start+len(n.name)] != '(' {
				out = append(out, macro{name: n.name, body: body})
			}
		}
	}
	return out
}

// madeOf reports whether a macro is made of some constants and nothing else.
func (m macro) madeOf(constants []string) bool {
	for l := range grammar.Lexemes(m.body) {
		known := l.Kind == grammar.Name && slices.Contains(constants, l.Text)
		if !known && l.Kind != grammar.EOF && !l.Is("|") && !l.Is("(") && !l.Is(")") {
			return false
		}
	}
	return true
}

// idLiteral is an id as it is written: with less digits it is a number of something.
var (
	idLiteral     = regexp.MustCompile(`^\(?0[xX]([0-9A-Fa-f]{5,8})\)?$`)
	numberLiteral = regexp.MustCompile(`^\(?(0[xX][0-9A-Fa-f]{1,4}|[0-9]+)\)?$`)
)

// isNumber reports whether a macro stands for a number that is no id.
func (m macro) isNumber() bool { return numberLiteral.MatchString(m.body) }

// idMacro is a macro that stands for an id.
type idMacro struct {
	name string
	id   uint32
}

// idMacros returns the macros that stand for an id.
func (c *compilation) idMacros() []idMacro {
	var out []idMacro
	for _, m := range c.macros() {
		digits := idLiteral.FindStringSubmatch(m.body)
		if digits == nil {
			continue
		}
		if id, err := strconv.ParseUint(digits[1], 16, 32); err == nil {
			out = append(out, idMacro{m.name, uint32(id)})
		}
	}
	return out
}
