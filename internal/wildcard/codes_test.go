package wildcard

import (
	"slices"
	"testing"
)

func TestCodes(t *testing.T) {
	for _, c := range []struct {
		text []uint16
		want string // x stands for a code that isn't of ASCII
	}{
		{nil, ""},
		{[]uint16{'A', 'z', '*', '?', 0}, "az*?\x00"},
		{[]uint16{0x212A, 0x1FEF, 0x00E9}, "k`\x80"},
		{[]uint16{'e', 0x0301, 0x0323, 'x'}, "\x80x"},
		{[]uint16{0x0301, 0x0323, 'x'}, "\x80x"},
		{[]uint16{'a', 0xD800, 'b', 0xFFFE, 0x0345, 0xDFFF}, "a\x80"},
		{[]uint16{'a', 0xD83D, 0xDE00, 'b', 0xD83F, 0xDFFF}, "a\x80b"},
	} {
		got := AppendCodes(nil, c.text)
		for i, code := range got {
			if code >= Codes {
				t.Errorf("%s: code %#x", show(c.text), code)
			}
			if code >= firstOutsideASCII {
				got[i] = firstOutsideASCII
			}
		}
		if string(got) != c.want {
			t.Errorf("%s: %q, want %q", show(c.text), got, c.want)
		}
	}
}

// Few characters share a code.
func TestCodesSpread(t *testing.T) {
	count := map[byte]int{}
	for c := uint16(0x4E00); c < 0x4E00+1260; c++ {
		count[AppendCodes(nil, []uint16{c})[0]]++
	}
	for code, n := range count {
		if n > 20 {
			t.Errorf("%d of 1260 ideographs have the code %#x", n, code)
		}
	}
}

// Few seeds of the fuzz targets have an ASCII pattern and an irregular text.
// Here all have the one, and their own text.
func TestCodesLetAllMatchesThrough(t *testing.T) {
	seeds, dense := unitSeeds(t), denseAlphabet(t)
	for _, s := range denseSeeds() {
		seeds = append(seeds, vector{pattern: pick(dense, s[0]), text: pick(dense, s[1])})
	}
	j, matches := newJudge(t), 0
	for _, v := range seeds {
		pattern := onlyASCII(v.pattern)
		match := Match(pattern, v.text)
		j.checkCodes(pattern, v.text, match)
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

// checkCodes holds that the codes of a text that a pattern matches are matched
// too, if the pattern is ASCII, or both are regular.
func (j *judge) checkCodes(pattern, text []uint16, match bool) {
	codes := AppendCodes(nil, text)
	if len(codes) > len(text) {
		j.Errorf("%s has %d codes", show(text), len(codes))
	}
	glob := patternOfCodes(pattern)
	ascii := !slices.ContainsFunc(pattern, func(u uint16) bool { return u >= firstOutsideASCII })
	if match && (ascii || Regular(pattern) && RegularText(text)) && !glob.Match(lettersOfCodes(codes)) {
		j.Errorf("Match(%s, %s), but not the codes %q", show(pattern), show(text), codes)
	}
}

// patternOfCodes puts codes in the place of the literals of a pattern, and
// letters in the place of these.
func patternOfCodes(pattern []uint16) Glob {
	g := Glob{Stars: []bool{false}}
	for len(pattern) > 0 {
		n := literal(pattern)
		for _, l := range lettersOfCodes(AppendCodes(nil, pattern[:n])) {
			g.add(l)
		}
		if n < len(pattern) && pattern[n] == '?' {
			g.add(Other)
		} else if n < len(pattern) {
			g.Stars[len(g.Letters)] = true
		}
		pattern = pattern[min(n+1, len(pattern)):]
	}
	return g
}

func lettersOfCodes(codes []byte) (letters []Letter) {
	for _, c := range codes {
		letters = append(letters, Other+1+Letter(c))
	}
	return letters
}
