package policy

import (
	"testing"

	"pgregory.net/rapid"

	"ups/internal/wildcard"
)

func TestExplainSaysWhereThePatternStops(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          int
	}{
		{"+44*", "+45123", 2},
		{"+44*", "+44123", 6},
		{"", "", 0},
		{"", "a", 0},
		{"a", "ab", 1},
		{"abc", "ab", 2},
		{"*.example", "host.exampl", 11},
		{"a?c*", "ab", 2},
		{"a?c*", "abd", 2},
		{"É*", "e\u0301x", 3},
		{"e*", "é", 0},
		{"e*", "xé", 0},
		{"*", "\u0301", Unknown},
		{"\u0301", "x", Unknown},
	} {
		p := Policy{SIDClasses: AllSIDs, Destination: NewText(c.pattern)}
		if got := p.Explain(Request{Destination: NewText(c.text)}); got.Reach != c.want {
			t.Errorf("%q %q: %d, want %d", c.pattern, c.text, got.Reach, c.want)
		}
	}
}

func TestExplainAgreesWithMatches(t *testing.T) {
	text := rapid.SliceOf(rapid.SampledFrom([]uint16{'a', 'A', 'b', '*', '?', 'é', 0x301, 0xD800}))
	rapid.Check(t, func(t *rapid.T) {
		p := Policy{
			SIDClasses:  SIDClasses(rapid.Uint32().Draw(t, "classes")),
			SIDs:        rapid.SliceOfN(rapid.Uint32Range(0, 3), 0, 2).Draw(t, "sids"),
			Security:    Security(rapid.IntRange(0, 3).Draw(t, "security")),
			Destination: text.Draw(t, "pattern"),
		}
		r := Request{rapid.Uint32Range(0, 3).Draw(t, "sid"), rapid.Bool().Draw(t, "passed"), text.Draw(t, "text")}
		v := p.Explain(r)
		if v.Matches() != p.Matches(r) {
			t.Fatalf("%+v, and Matches is %v", v, p.Matches(r))
		}
		checkReach(t, v.Reach, p.Destination, r.Destination)
	})
}

// checkReach checks what Reach promises: what matches is followed to the end.
func checkReach(t *rapid.T, reach int, pattern, text Text) {
	if reach == Unknown {
		if wildcard.Regular(pattern) && wildcard.RegularText(text) {
			t.Fatal("unknown, though all is regular")
		}
		return
	}
	if wildcard.Match(pattern, text) && reach != len(text) {
		t.Fatalf("matches, but is followed to %d of %d", reach, len(text))
	}
	// No front part of the text that is longer matches, if it ends with a
	// whole grapheme.
	for end := reach + 1; end <= len(text); end++ {
		whole := end == len(text) || text[end] != 0x301
		if whole && wildcard.Match(pattern, text[:end]) {
			t.Fatalf("the first %d units match, beyond the reach of %d", end, reach)
		}
	}
}
