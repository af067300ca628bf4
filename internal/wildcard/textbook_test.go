package wildcard

import (
	"slices"
	"testing"
	"unicode/utf16"
)

// textbook is the ordinary glob over graphemes, from the device's tables in
// testdata alone. It shares no code with what it judges.
type textbook struct{ deviceTables }

// regular is docs/matching.md's definition of a regular text.
func (b textbook) regular(text []uint16) bool {
	last := uint8(0)
	for i, u := range text {
		c := rune(u)
		if utf16.IsSurrogate(c) || c == 0xFFFE || c == 0xFFFF || c == 0x0345 || i == 0 && b.nonBase[c] {
			return false
		}
		for _, f := range b.fold(c) {
			if b.classes[f] != 0 && b.classes[f] < last {
				return false
			}
			last = b.classes[f]
		}
	}
	return true
}

func (b textbook) fold(c rune) []rune {
	if f, ok := b.folds[c]; ok {
		return f
	}
	return []rune{c}
}

// regularPattern is the same for patterns.
func (b textbook) regularPattern(pattern []uint16) bool {
	run := []uint16{}
	for _, u := range append(slices.Clone(pattern), '*') {
		if u != '*' && u != '?' {
			run = append(run, u)
			continue
		}
		if !b.regular(run) {
			return false
		}
		run = nil
	}
	return true
}

// graphemes folds a regular text.
func (b textbook) graphemes(text []uint16) (list []string) {
	for _, u := range text {
		if !b.nonBase[rune(u)] {
			list = append(list, "")
		}
		list[len(list)-1] += string(b.fold(rune(u)))
	}
	return list
}

// match is the glob, by the table of all prefixes.
func (b textbook) match(pattern, text []uint16) bool {
	p, t := b.graphemes(pattern), b.graphemes(text)
	row := make([]bool, len(t)+1) // row[j]: the pattern so far matches t[:j]
	row[0] = true
	for _, g := range p {
		next := make([]bool, len(t)+1)
		next[0] = g == "*" && row[0]
		for j := range t {
			switch g {
			case "*":
				next[j+1] = row[j+1] || next[j]
			case "?":
				next[j+1] = row[j]
			default:
				next[j+1] = row[j] && t[j] == g
			}
		}
		row = next
	}
	return row[len(t)]
}

func TestTextbook(t *testing.T) {
	tests := []struct {
		pattern, text string
		match         bool
	}{
		{"", "", true}, {"", "a", false}, {"a", "", false}, {"*", "", true}, {"?", "", false},
		{"*", "anything at all", true}, {"**", "", true}, {"?*", "", false}, {"*?", "a", true},
		{"abc", "ABC", true}, {"abc", "abcd", false}, {"abc", "ab", false},
		{"a*", "a", true}, {"a*", "ba", false}, {"*a", "ba", true}, {"*a", "ab", false},
		{"a*c", "abcbc", true}, {"a*c", "abcb", false}, {"a?c", "abc", true}, {"a?c", "ac", false},
		{"*ab*", "aab", true}, {"*aab", "aaab", true}, {"*a*b*c*", "xaybzc", true}, {"*a*b*c*", "xcybza", false},
		{"ab*ba", "aba", false}, {"*ab*b", "ab", false}, {"a**b", "ab", true}, {"?*?", "a", false},
		{"http://*.example.com/?", "HTTP://www.Example.com/x", true},
		{"http://*.example.com/?", "http://example.com/x", false},
		{"*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
		{"[ab]", "a", false}, {"[ab]", "[AB]", true}, {`\*`, "*", false}, {`\*`, `\xyz`, true}, {"?", "*", true},
		{"é", "E\u0301", true}, {"e*", "é", false}, {"?", "e\u0301\u0323", true}, {"?", "e\u0323\u0301", true},
		{"?", "日", true}, {"ß", "ss", false}, {"Σ", "ς", true}, {"+44*", "+44 20 7946 0000", true},
	}
	for _, test := range tests {
		if got := Match(utf16.Encode([]rune(test.pattern)), utf16.Encode([]rune(test.text))); got != test.match {
			t.Errorf("Match(%q, %q) = %t", test.pattern, test.text, got)
		}
	}
}
