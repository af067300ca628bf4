package grammar

import (
	"fmt"
	"strings"

	"ups/diag"
)

// signHints say what to write for signs that the language hasn't.
var signHints = map[string]string{
	"“": straightQuotes, "”": straightQuotes, "„": straightQuotes, "«": straightQuotes, "»": straightQuotes,
	"‘": straightQuotes, "’": straightQuotes, "‚": straightQuotes, "`": straightQuotes,
	"–": "write - for minus", "—": "write - for minus", "−": "write - for minus",
	"&": operatorsHint, "!": operatorsHint, "~": operatorsHint, "^": operatorsHint, "%": operatorsHint,
	"#": "a directive begins its line, and a comment begins with //", "@": "a comment begins with //",
	"\u00a0": "this is a no-break space: write a plain one",
}

const (
	straightQuotes = `write straight quotes: "…"`
	operatorsHint  = "the operators are + - * / and |"
	combineHint    = "a field has one value: combine constants with |, as in KYes|KNo"
)

// isUnknownSign reports whether a token is a sign that the language hasn't.
func isUnknownSign(t Token) bool {
	return t.Kind == Punct && !strings.Contains("{}()[]<>=;,+-*/|", t.Text)
}

// brackets passes over the [] that a list has in its STRUCT alone, and the =
// after it.
func (p *parser) brackets(field string) bool {
	n := 1
	if !p.ahead(n).Is("]") {
		n++
	}
	if !p.peek().Is("[") || !p.ahead(n).Is("]") || !p.ahead(n+1).Is("=") {
		return false
	}
	p.fail(p.i, "unexpected", fmt.Sprintf("write %s = { … };", field),
		"“[” is not expected here: only a STRUCT marks a list with []")
	p.i += n + 2
	return true
}

// assignHint says how the value of a field begins, where something else than =
// stands after its name.
func (p *parser) assignHint(field string) string {
	switch {
	case p.peek().Is(":"), isUnknownSign(p.peek()):
		return fmt.Sprintf("write = in its place, as in %s = …;", field)
	case p.ahead(1).Is("=") && p.peek().Kind == Punct:
		return fmt.Sprintf("write %s = …; with a plain =", field)
	}
	return fmt.Sprintf("expected: = after the field's name %s", field)
}

// valueHint says what to write where a value should begin, and something else
// stands there.
func (p *parser) valueHint() string {
	t := p.peek()
	before := Token{}
	if p.i > 0 {
		before = p.tree.Tokens[p.i-1]
	}
	switch {
	case t.Is("|") && before.Is("|"):
		return "constants are combined with one |, as in KYes|KNo"
	case t.Is("=") && (before.Is("UID2") || before.Is("UID3")):
		return fmt.Sprintf("write %s and the number, without =", before.Text)
	case t.Is("=") && before.Is("="):
		return "write one ="
	case t.Is("["):
		return "a list stands between braces: { … }"
	}
	return "expected: a value"
}

// afterValueHint says what to write where a field's value should have ended.
func (p *parser) afterValueHint(value Value) string {
	_, isText := value.(*TextValue)
	t := p.peek()
	switch {
	case t.Is(",") && p.fieldFollows(1):
		return "a field ends in a semicolon: write ; in its place"
	case isText && (t.Is(",") || t.Is("|")):
		return "a policy has one destination: write a policy for each"
	case isText && t.Is("+"):
		return `strings that stand side by side are one: write "ab" "cd"`
	case t.Is(","), t.Is("&"), !isText && (t.Kind == Name || t.Kind == Number):
		return combineHint
	}
	return "expected: ; after the field's value"
}

// textFields are the fields of text in the structs of a policy file.
var textFields = []string{"destination"}

// unquoted reports text without quotes that can't be read as a value, and
// passes over it. It ends at its semicolon or with its line.
func (p *parser) unquoted() bool {
	first := p.i
	if p.structFollows(0) {
		return false // a value of the wrong kind
	}
	if t := p.peek(); t.Kind == String || t.Is("<") || t.Is("{") || t.Is(";") || t.Is("=") || isUnknownSign(t) && signHints[t.Text] != "" {
		return false
	}
	n := 0
	for t := p.ahead(n); t.Kind != EOF && !t.Is(";") && !t.Is("}") && (n == 0 || !t.first); t = p.ahead(n) {
		n++
	}
	if n == 0 || n == 1 && p.peek().Kind != Punct {
		return false // a value of the wrong kind
	}
	node := Node{first, first + n - 1}
	hint := "write it between quotes"
	if p.ahead(n).Is(";") && !strings.Contains(p.tree.Text(node), `"`) {
		hint = fmt.Sprintf("write %q", p.tree.Text(node))
	}
	if last := p.tree.Tokens[node.Last]; n == 2 && last.Kind == String {
		hint = fmt.Sprintf("write %s alone", last.Text)
	}
	p.reportNode(node, diag.Diagnostic{
		Code:    "text-unquoted",
		Message: "a string stands between quotes, and this doesn't",
		Hint:    hint,
	})
	p.i += n
	if p.peek().first {
		p.tree.Tokens[p.i-1].reported = true // a // in the text may hide the rest of its line
	}
	return true
}

// hyphenated reports a character set that is written with a hyphen, as is usual
// elsewhere, and passes over what follows it.
func (p *parser) hyphenated() bool {
	if p.ahead(1).Kind != Name || !p.ahead(2).Is("-") {
		return false
	}
	p.i += 2
	p.misplaced(p.i, "write "+usage("CHARACTER_SET"))
	for p.peek().Kind != EOF && !p.peek().first {
		p.i++
	}
	return true
}
