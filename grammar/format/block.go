package format

import (
	"strings"

	"ups/grammar"
)

// block writes what stands between braces, and these. It may stay on one line
// if it is on one and that isn't too long; that of a resource may not.
func (p *printer) block(i int, mayStay bool) {
	j := p.close[i]
	if j == i+1 && !p.tokens[j].breaks() && len(p.tokens[j].before) == 0 || mayStay && p.stays(i) {
		if text := p.inline(i); p.column()+len(" ")+width(text)+len(";") <= maxWidth {
			p.place(i, space)
			p.write(text)
			return
		}
	}
	p.indent++
	p.token(i, line)
	p.fresh = true
	switch {
	case p.holdsFields(i):
		p.fields(i, j)
	case p.isEnum(i), p.hasRecords(i):
		p.items(i, j)
	default:
		p.values(i, j)
	}
	p.token(j, line)
	p.indent--
}

// stays reports whether a block is on one line, and so is what stands before
// its brace.
func (p *printer) stays(i int) bool {
	first := &p.tokens[i]
	for _, r := range first.before {
		if r.newlines > 0 || r.line() {
			return false
		}
	}
	if first.Newlines > 0 && !p.tokens[i-1].Is("=") || p.hasRecords(i) {
		return false
	}
	for k := i + 1; k <= p.close[i]; k++ {
		if _, nested := p.close[k]; p.tokens[k].breaks() || nested && p.hasRecords(k) {
			return false
		}
	}
	return true
}

// hasRecords reports whether a list has structs, or macros that may stand for
// some.
func (p *printer) hasRecords(i int) bool {
	if p.holdsFields(i) || p.isEnum(i) {
		return false
	}
	for k := i + 1; k < p.close[i]; k++ {
		if _, nested := p.close[k]; nested || p.tokens[k].Is("(") && p.tokens[k-1].Kind == grammar.Name {
			return true
		}
	}
	return false
}

// inline returns a block on one line.
func (p *printer) inline(i int) string {
	var b strings.Builder
	b.WriteString("{")
	pad := ""
	if p.holdsFields(i) || p.isEnum(i) {
		pad = " "
	}
	j := p.close[i]
	for k := i + 1; k <= j; k++ {
		t := &p.tokens[k]
		for _, r := range t.before {
			b.WriteString(" " + r.text)
		}
		_, nested := p.close[k]
		switch w := p.want(k); {
		case j == i+1:
		case k == i+1, k == j:
			b.WriteString(pad)
		case nested, p.tokens[k-1].Is(";") && !t.Is(";"), w == space, w == asWritten && (t.Spaced || len(t.before) > 0):
			b.WriteString(" ")
		}
		if nested {
			b.WriteString(p.inline(k))
			k = p.close[k]
		} else {
			b.WriteString(t.Text)
		}
	}
	return b.String()
}

// fields writes the fields of a struct, one a line.
func (p *printer) fields(i, j int) {
	assigned := false // the present field has its =
	for k := i + 1; k < j; k++ {
		t, prev := &p.tokens[k], &p.tokens[k-1]
		w := line
		if t.Is(";") || k > i+1 && !prev.Is(";") && !p.fieldBegins(k, assigned) {
			w = p.want(k)
		}
		assigned = w != line && (assigned || t.Is("="))
		k = p.item(k, w)
	}
}

// fieldBegins reports whether a macro has ended the field before, and its line.
func (p *printer) fieldBegins(k int, assigned bool) bool {
	t, prev := &p.tokens[k], &p.tokens[k-1]
	return t.Kind == grammar.Name && t.breaks() && (!assigned || p.tokens[k+1].Is("=")) &&
		(prev.Kind == grammar.Name || prev.Is(")"))
}

// items writes the items of a list of structs, or the constants of an enum, one
// a line.
func (p *printer) items(i, j int) {
	for k := i + 1; k < j; k++ {
		w := line
		if t := &p.tokens[k]; t.Is(",") || k > i+1 && !p.endsItem(k-1) && !(t.afterDirective() && p.tokens[k-1].Is("}")) {
			w = p.want(k)
		}
		k = p.item(k, w)
	}
}

// values writes the values of a list, as many a line as there are in the
// source and as it is wide.
func (p *printer) values(i, j int) {
	for k := i + 1; k < j; k++ {
		t, w := &p.tokens[k], line
		if t.Is(",") || k > i+1 && !(p.endsItem(k-1) && (t.breaks() || p.column()+len(" ")+p.valueWidth(k) > maxWidth)) {
			w = p.want(k)
		}
		k = p.item(k, w)
	}
}

// endsItem reports whether a token is a comma between items.
func (p *printer) endsItem(i int) bool { return p.tokens[i].Is(",") && !p.inCall[i] }

// valueWidth returns the width of a value and its comma, or somewhat more.
func (p *printer) valueWidth(k int) int {
	w := len(",")
	for ; !p.tokens[k].Is(",") && !p.tokens[k].Is("}") && p.tokens[k].Kind != grammar.EOF; k++ {
		w += width(p.tokens[k].Text) + len(" ")
	}
	return w - len(" ")
}

// item writes a token, or the block that begins with it, and returns the last
// token written.
func (p *printer) item(k int, w want) int {
	if close, ok := p.close[k]; ok {
		p.block(k, true)
		return close
	}
	p.token(k, w)
	return k
}
