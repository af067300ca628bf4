package wildcard

import (
	"slices"
	"strings"
	"testing"
)

// tailToTheLetter is step 5 in the words of docs/matching.md, of raw units.
func tailToTheLetter(pattern, text []uint16) bool {
	w := pattern[lastStar(pattern)+1:]
	if len(w) == 0 {
		return true
	}
	n := 1 + baseUnits(w[1:])
	start := len(text)
	for start > 0 && baseUnits(text[start:]) < n {
		start--
	}
	t := Decode(text[start:])
	_, ok := t.section(0, sectionsOf(dec(w))[0])
	return ok
}

func baseUnits(list []uint16) (n int) {
	for _, u := range list {
		if isBase(rune(u)) {
			n++
		}
	}
	return n
}

// headToTheLetter is step 6 likewise.
func headToTheLetter(pattern, text []uint16) bool {
	s := pattern
	for len(s) > 0 && s[0] == '*' {
		s = s[1:]
	}
	if len(s) == len(pattern) || len(s) == 0 {
		return true
	}
	star := slices.Index(s, '*')
	if star >= 0 {
		s = s[:star]
	}
	t := Decode(text)
	for j := range t.items {
		if i, ok := t.section(j, sectionsOf(dec(s))[0]); ok && (star >= 0 || i == t.end()) {
			return true
		}
	}
	return false
}

// checkPrepared holds what is prepared, and what is ruled out by it, to the
// letter of the definition.
func (j *judge) checkPrepared(p *Prepared, pattern, text []uint16, want bool) {
	t := Decode(text)
	if got := p.tailHolds(&t); got != tailToTheLetter(pattern, text) {
		j.Errorf("step 5 of (%s, %s): %t", show(pattern), show(text), got)
	}
	if got := p.headHolds(&t); got != headToTheLetter(pattern, text) {
		j.Errorf("step 6 of (%s, %s): %t", show(pattern), show(text), got)
	}
	if got := newPlaces(&t).match(p, &t); got != want {
		j.Errorf("for places, %s matches %s: %t, Match gives %t", show(pattern), show(text), got, want)
	}
	if got := p.Match(&t); got != want {
		j.Errorf("Prepare(%s).Match(%s) = %t, Match gives %t", show(pattern), show(text), got, want)
	}
	if want && !p.MayMatchASCII() && !slices.ContainsFunc(text, func(u uint16) bool { return u >= firstOutsideASCII }) {
		j.Errorf("%s matches %s, which is ASCII", show(pattern), show(text))
	}
}

// A text must not be ruled out because of a character that is equal to several
// others, or of one that the device drops.
func TestNeeds(t *testing.T) {
	tests := []struct {
		pattern, text string
		all, ascii    bool
	}{
		{`*host7\U0001F600*`, `http://host7/`, false, false},
		{`*host7\U0001F600*`, `host7\U0001F600`, true, false},
		{`*host7\uD800*`, `http://host7/`, true, true},
		{`*host7\uD800*`, `http://host8/`, false, true},
		{`\uD800`, ``, true, true},
		{`\u03B9`, `\u0345`, true, false},
		{`\u0345`, `\u03B9`, true, false},
		{`\u0345`, `\u1FB4`, true, false},
		{`\u1FB4`, `\u03B1\u0301\u03B9`, true, false},
		{`K`, `\u212A`, true, true},
		{`\u212A`, `k`, true, true},
		{`?*?`, ``, true, true},
	}
	for _, test := range tests {
		p, text := Prepare(units(t, test.pattern)), Decode(units(t, test.text))
		if got := text.has.all(&p.needs); got != test.all {
			t.Errorf("%s has all that %s needs: %t", test.text, test.pattern, got)
		}
		if got := p.MayMatchASCII(); got != test.ascii {
			t.Errorf("%s may match ASCII texts: %t", test.pattern, got)
		}
	}
}

func TestPreparedDoesNotAllocate(t *testing.T) {
	tests := []struct{ pattern, text string }{
		{`*host7\U0001F600*`, `http://host7/`},
		{`*host7\U0001F600*`, `HOST8 host7\U0001F600`},
		{`*a*?b\uD800`, strings.Repeat("ab", usualText/2)},
		{`\u0301a\u0301\u0323*`, `\u0301a\u0323\u0301`},
	}
	for _, test := range tests {
		p, text := Prepare(units(t, test.pattern)), units(t, test.text)
		n := testing.AllocsPerRun(100, func() {
			d := Decode(text)
			p.Match(&d)
		})
		if n != 0 {
			t.Errorf("%s, %s: %v allocations", test.pattern, test.text, n)
		}
	}
}
