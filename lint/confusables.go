package lint

import (
	"unicode"

	"ups/policy"
)

// lookAlikes has the small letters of Greek and Cyrillic that look like a
// Latin one, as small letters or, since destinations are folded, as capitals.
// It is our own table, for fonts as they are on screens: letters that only
// resemble each other, such as ω and w, are not in it.
var lookAlikes = map[rune]rune{
	// Greek
	'α': 'a', 'β': 'b', 'ε': 'e', 'ζ': 'z', 'η': 'h', 'ι': 'i', 'κ': 'k', 'μ': 'm',
	'ν': 'n', 'ο': 'o', 'ρ': 'p', 'τ': 't', 'υ': 'y', 'χ': 'x', 'ϲ': 'c', 'ϳ': 'j',
	// Cyrillic
	'а': 'a', 'в': 'b', 'с': 'c', 'ԁ': 'd', 'е': 'e', 'ԍ': 'g', 'н': 'h', 'һ': 'h', 'і': 'i',
	'ј': 'j', 'к': 'k', 'ӏ': 'l', 'м': 'm', 'о': 'o', 'р': 'p', 'ԛ': 'q', 'ѕ': 's', 'т': 't',
	'у': 'y', 'ѵ': 'v', 'ԝ': 'w', 'х': 'x',
}

// skeleton gives a text with all letters small and each look-alike as the
// Latin letter: texts of one skeleton look the same, or fold to such.
func skeleton(text policy.Text) string {
	var out []rune
	for _, r := range text.String() {
		r = unicode.ToLower(r)
		if latin, ok := lookAlikes[r]; ok {
			r = latin
		}
		out = append(out, r)
	}
	return string(out)
}

// mixedWord gives a word of a text in which Latin letters stand beside Greek
// or Cyrillic ones that look like Latin.
func mixedWord(text policy.Text) (word string, found bool) {
	latin, alike := false, false
	for _, r := range text.String() + " " {
		if unicode.IsLetter(r) || unicode.IsMark(r) {
			word += string(r)
			_, is := lookAlikes[unicode.ToLower(r)]
			alike = alike || is
			latin = latin || unicode.Is(unicode.Latin, r)
			continue
		}
		if latin && alike {
			return word, true
		}
		word, latin, alike = "", false, false
	}
	return "", false
}
