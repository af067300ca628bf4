package wildcard

import (
	"slices"
	"testing"
)

func TestLetters(t *testing.T) {
	var a Alphabet
	for _, p := range []string{`aB*`, `\u00C9?`, `\u212A`, `c\u0301\u0327x`} {
		a.Glob(units(t, p)) // the last isn't regular, and adds nothing
	}
	const lA, lB, lE, lK Letter = 1, 2, 3, 4
	tests := []struct {
		text string
		want []Letter
	}{
		{``, []Letter{}},
		{`abAB`, []Letter{lA, lB, lA, lB}},
		{`a\u0301e\u0301\u00E9E\u0301\u00C9e`, []Letter{Other, lE, lE, lE, lE, Other}},
		{`kK\u212A`, []Letter{lK, lK, lK}},
		{`*?cx\u65E5`, []Letter{Other, Other, Other, Other, Other}},
		{`\u00E9\u0323`, nil},
		{`a\uD800`, nil},
		{`\u0301`, nil},
	}
	for _, test := range tests {
		got, ok := a.appendLetters([]Letter{}, units(t, test.text))
		if ok != (test.want != nil) || ok && !slices.Equal(got, test.want) {
			t.Errorf("letters of %s are %v, %t; want %v", test.text, got, ok, test.want)
		}
	}
	if a.Len() != 5 {
		t.Errorf("%d letters, want 5", a.Len())
	}
}

// A mark after an ASCII character must not be taken for a grapheme of its own,
// whatever comes before.
func TestNextInsideGrapheme(t *testing.T) {
	var a Alphabet
	text := units(t, `ab\u0301c`)
	for i, want := range []int{1, 3, -1, 4} {
		if _, end := a.Next(text, i); end != want {
			t.Errorf("Next at %d ends at %d, want %d", i, end, want)
		}
	}
}

func TestGlob(t *testing.T) {
	tests := []struct {
		pattern string
		letters []Letter
		stars   []bool // nil if the pattern isn't regular
	}{
		{``, nil, []bool{false}},
		{`aBA`, []Letter{1, 2, 1}, []bool{false, false, false, false}},
		{`**`, nil, []bool{true}},
		{`*?*?a?*`, []Letter{Other, Other, 1, Other}, []bool{false, false, true, false, true}},
		{`\u00E9*e\u0301e`, []Letter{1, 1, 2}, []bool{false, true, false, false}},
		{`*\u0301`, nil, nil},
	}
	for _, test := range tests {
		got, ok := new(Alphabet).Glob(units(t, test.pattern))
		if ok != (test.stars != nil) || !slices.Equal(got.Letters, test.letters) || !slices.Equal(got.Stars, test.stars) {
			t.Errorf("glob of %s is %v, %t; want %v, %v", test.pattern, got, ok, test.letters, test.stars)
		}
	}
}

// One alphabet and one automaton over many patterns keep the language of each,
// and the free grapheme is in none.
func TestSharedAlphabet(t *testing.T) {
	var a Alphabet
	var patterns [][]uint16
	var globs []Glob
	for _, v := range readVectors(t) {
		if g, ok := a.Glob(v.pattern); ok {
			patterns, globs = append(patterns, v.pattern), append(globs, g)
		}
	}
	texts := regularTexts(t)
	if len(patterns) < 1000 || len(texts) < 500 {
		t.Fatalf("only %d regular patterns and %d texts", len(patterns), len(texts))
	}
	automaton := NewAutomaton(globs...)
	for _, text := range texts[:500] {
		letters, _ := a.appendLetters(nil, text)
		rendered, matches := a.Render(letters), accepted(automaton, letters)
		for i := range 20 {
			i = (i*len(patterns)/20 + len(text)) % len(patterns)
			if want := Match(patterns[i], text); matches[i] != want || Match(patterns[i], rendered) != want {
				t.Errorf("automaton(%s, %s) = %t, Match returns %t; or its rendering %s differs", show(patterns[i]), show(text), matches[i], want, show(rendered))
			}
		}
	}
}

func regularTexts(t *testing.T) (texts [][]uint16) {
	for _, v := range readVectors(t) {
		if RegularText(v.text) {
			texts = append(texts, v.text)
		}
	}
	return texts
}

// However much is taken, something is free, is one grapheme, and is Other.
func TestFree(t *testing.T) {
	var a Alphabet
	check := func(want string) {
		t.Helper()
		free := a.Free()
		letters, ok := a.appendLetters(nil, free)
		if !slices.Equal(free, units(t, want)) || !ok || !slices.Equal(letters, []Letter{Other}) {
			t.Errorf("free is %s with letters %v, want %s", show(free), letters, want)
		}
	}
	check("x")
	a.Glob(units(t, "XYZ"))
	check("a")
	a.Glob(units(t, favourites))
	check(`\u00DF`)
	var all []uint16
	for c := rune(0x80); c <= 0xFFFF; c++ {
		if isBase(c) && !outside(c) {
			all = append(all, uint16(c))
		}
	}
	if _, ok := a.Glob(all); !ok {
		t.Fatal("all base characters aren't a regular pattern")
	}
	check(`x\u0300`)
	a.Glob(units(t, `x\u0300x\u0300\u0300`))
	check(`x\u0300\u0300\u0300`)
}

// Letters that the alphabet doesn't know are rendered as one that is in no
// pattern, at both ends of those that it knows.
func TestRenderUnknownLetters(t *testing.T) {
	var a Alphabet
	a.Glob(units(t, "ab"))
	n := Letter(a.Len())
	for l, want := range map[Letter]string{Other: "x", -1: "x", n: "x", n + 1: "x", 1: "a", n - 1: "b"} {
		if got := a.Render([]Letter{l}); !slices.Equal(got, units(t, want)) {
			t.Errorf("letter %d is rendered as %s, want %s", l, show(got), want)
		}
	}
}
