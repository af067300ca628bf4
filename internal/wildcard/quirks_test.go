package wildcard

import "testing"

// The table of docs/matching.md, "The quirks", row by row, and what shows that each
// is one: the plain pair beside it.
func TestQuirks(t *testing.T) {
	tests := []struct {
		quirk, pattern, text string
		match                bool
	}{
		{"D1", `*`, `\u0301`, false},
		{"D1", `*a`, `\u0301a`, false},
		{"D1 plain", `\u0301*`, `\u0301a`, true},
		{"D2", `*?`, `a\U00010400`, false},
		{"D2", `*a`, `aa\uD800`, false},
		{"D2 plain", `*a`, `a\uD800`, true},
		{"D3", `\u00E1\u0323*`, `\u1EA1\u0301B`, false},
		{"D3 plain", `\u00E1\u0323*`, `\u1EA1\u0301b`, true},
		{"D4", `*\u0301`, `a\u0301`, true},
		{"D4 plain", `?\u0301`, `a\u0301`, false},
		{"D5", `a*b\uD800`, `abc`, true},
		{"D5 plain", `a*b`, `abc`, false},
		{"D6", `a*\U0002F800`, `a\u4E3Dx`, true},
		{"D6 plain", `a*\u4E3D`, `a\u4E3Dx`, false},
		{"D7", `*\u4E3D`, `\u4E3D\U0002F800`, false},
		{"D7 plain", `*\u4E3D`, `\u4E3D\u4E3D`, true},
		{"D8", `\u03B9`, `\u0345`, true},
		{"D8", `*\u03B9`, `\u03B1\u0345`, true},
		{"D9", `\u1FB4`, `\u03B1\u0345\u0301`, false},
		{"D9 plain", `\u1FB4`, `\u03B1\u0301\u0345`, true},
		{"D10", `?*\u03B1\u03B9`, `x\u03B1\u0345y`, true},
		{"D10 plain", `?*\u03B1\u03B9`, `x\u03B1\u03B9y`, false},
		{"D11", `\u0301\u0323`, `\u0323\u0301`, false},
		{"D11 plain", `a\u0301\u0323`, `a\u0323\u0301`, true},
		{"D12", `\uD800`, ``, false},
		{"D12", `*\uD800`, ``, true},
		{"D13", `*\u0340`, `a\u0340`, false},
		{"D13 plain", `*\u0301`, `a\u0301`, true},
	}
	for _, test := range tests {
		pattern, text := units(t, test.pattern), units(t, test.text)
		if got := Match(pattern, text); got != test.match {
			t.Errorf("%s: Match(%s, %s) = %t", test.quirk, test.pattern, test.text, got)
		}
		p, d := Prepare(pattern), Decode(text)
		if got := p.Match(&d); got != test.match {
			t.Errorf("%s: Prepare(%s).Match(%s) = %t", test.quirk, test.pattern, test.text, got)
		}
	}
}

// Marks may come in another order than the pattern's, but not those of one
// class; with so many of them that a sort that isn't stable would show.
func TestReordering(t *testing.T) {
	const above = `\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030A\u030B\u030C\u030D\u030E\u030F`
	const below = `\u0323\u0324\u0325`
	tests := []struct {
		pattern, text string
		match         bool
	}{
		{`a` + above + below, `a` + below + above, true},
		{`a` + above + below, `a` + above + below, true},
		{`a` + above + below, `a` + below[:6] + above + below[6:], true},
		{`a` + above + below, `a` + below[6:] + above + below[:6], false},
		{`a` + above + below, `a` + below + above[6:] + above[:6], false},
		{`a` + above + below, `a` + below + above + `\u0310`, false},
		{`a` + above + below + `b`, `a` + below + above + `B`, true},
		{`a` + above + below + `?`, `a` + below + above + `B`, false}, // D3
	}
	for _, test := range tests {
		if got := Match(units(t, test.pattern), units(t, test.text)); got != test.match {
			t.Errorf("Match(%s, %s) = %t", test.pattern, test.text, got)
		}
	}
}
