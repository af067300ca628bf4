package lint

import (
	"fmt"
	"slices"
	"unicode"

	"ups/policy"
)

var lookAlikeRule = &Rule{
	ID:       "look-alike",
	Name:     "Look-alike letters",
	Category: Suspicion,
	Summary:  "A destination mixes Latin with Greek or Cyrillic letters that look like Latin, or looks like another.",
	Rationale: `Latin a and Cyrillic а don't fold together: a pattern with the one never matches a text with the
other, though nobody can see it. In a word of one script that is the script's own letter; in a word of
two it is a slip, or somebody's intention. What counts as alike is a small table of Greek and Cyrillic
letters whose small or capital form is that of a Latin one.`,
	Bad:  example(`POLICY { destination = "p" <0x0430> "ypal.example"; options = KYes|KNo; }`),
	Good: example(`POLICY { destination = "paypal.example"; options = KYes|KNo; }`),
	Run:  runLookAlike,
}

func runLookAlike(p *Pass) {
	first := map[string]int{} // by skeleton, the number of the first policy that has it
	for i, pol := range p.File.Policies {
		if word, found := mixedWord(pol.Destination); found {
			p.Report(p.finding(i+1, "destination", fmt.Sprintf("%s mixes scripts: %s", word, spellOut(word)), "write it in one script"))
			continue
		}
		look := skeleton(pol.Destination)
		other, seen := first[look]
		if !seen {
			first[look] = i + 1
			continue
		}
		p.reportPair(other, i+1)
	}
}

// reportPair reports two policies whose destinations look the same, if they use
// letters of different scripts.
func (p *Pass) reportPair(first, second int) {
	a, b := p.File.Policies[first-1].Destination, p.File.Policies[second-1].Destination
	if slices.Equal(scripts(a), scripts(b)) {
		return
	}
	f := p.finding(second, "destination", fmt.Sprintf("this looks like the destination of policy %d, but is in other letters", first), "write both in one script")
	f.Related = p.related(first, "destination", "the one that it looks like")
	f.Culprits = []int{first}
	p.Report(f)
}

// scripts says for each character of a text whether it is one of the
// look-alikes.
func scripts(text policy.Text) []bool {
	var out []bool
	for _, r := range text.String() {
		_, is := lookAlikes[unicode.ToLower(r)]
		out = append(out, is)
	}
	return out
}

// spellOut names the letters of a word that only look like Latin.
func spellOut(word string) string {
	out := ""
	for _, r := range word {
		latin, is := lookAlikes[unicode.ToLower(r)]
		if !is {
			continue
		}
		if out != "" {
			out += ", "
		}
		out += fmt.Sprintf("U+%04X looks like Latin %c", r, latin)
	}
	return out
}

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

// skeleton returns a text with all letters small and each look-alike as the
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

// mixedWord returns a word of a text in which Latin letters stand beside Greek
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
