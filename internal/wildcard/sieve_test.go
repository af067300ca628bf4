package wildcard

import (
	"slices"
	"testing"
)

func TestSievedTexts(t *testing.T) {
	for _, c := range []struct {
		text []uint16
		want string
	}{
		{nil, ""},
		{[]uint16{'A', 'z', '*', '?', 0}, "az*?\x00"},
		{[]uint16{0x212A, 0x1FEF, 0x00E9}, "k`\x80"},
		{[]uint16{'e', 0x0301, 0x0323, 'x'}, "\x80x"},
		{[]uint16{0x0301, 0x0323, 'x'}, "\x80x"},
		{[]uint16{'a', 0xD800, 'b', 0xFFFE, 0x0345, 0xDFFF}, "a\x80"},
		{[]uint16{'a', 0xD83D, 0xDE00, 'b', 0xD83F, 0xDFFF}, "a\x80b"},
	} {
		if got := AppendSieved(nil, c.text); string(got) != c.want {
			t.Errorf("%s: %q, want %q", show(c.text), got, c.want)
		}
	}
}

// Few seeds of the fuzz targets have an ASCII pattern and an irregular text.
// Here all have the one, and their own text.
func TestSieveLetsAllMatchesThrough(t *testing.T) {
	seeds, dense := unitSeeds(t), denseAlphabet(t)
	for _, s := range denseSeeds() {
		seeds = append(seeds, vector{pattern: pick(dense, s[0]), text: pick(dense, s[1])})
	}
	j, matches := newJudge(t), 0
	for _, v := range seeds {
		pattern := onlyASCII(v.pattern)
		match := Match(pattern, v.text)
		j.checkSieve(pattern, v.text, match)
		if match && !RegularText(v.text) {
			matches++
		}
	}
	if matches < 100 {
		t.Errorf("only %d irregular texts match", matches)
	}
}

// onlyASCII puts a wildcard in the place of whatever isn't ASCII.
func onlyASCII(pattern []uint16) []uint16 {
	pattern = slices.Clone(pattern)
	for i, u := range pattern {
		if u >= firstOutsideASCII {
			pattern[i] = uint16("?*"[i%2])
		}
	}
	return pattern
}

// checkSieve holds that a text that a pattern matches gets through the sieve.
func (j *judge) checkSieve(pattern, text []uint16, match bool) {
	if !match || slices.ContainsFunc(pattern, func(u uint16) bool { return u >= firstOutsideASCII }) {
		return
	}
	sieved := AppendSieved(nil, text)
	var units []uint16
	for _, b := range sieved {
		units = append(units, uint16(b))
	}
	if len(sieved) > len(text) || !j.textbook.match(pattern, units) {
		j.Errorf("Match(%s, %s), but sieved it is %q", show(pattern), show(text), sieved)
	}
}
