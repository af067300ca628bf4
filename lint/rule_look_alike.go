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
	first := map[string]int{} // by skeleton, the number of the first policy of that look
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
		p.twins(other, i+1)
	}
}

// twins reports two policies whose destinations look the same, if they have
// letters of different scripts to it.
func (p *Pass) twins(first, second int) {
	a, b := p.File.Policies[first-1].Destination, p.File.Policies[second-1].Destination
	if slices.Equal(scripts(a), scripts(b)) {
		return
	}
	f := p.finding(second, "destination", fmt.Sprintf("this looks like the destination of policy %d, but is in other letters", first), "write both in one script")
	f.Related = p.related(first, "destination", "the one that it looks like")
	f.Culprits = []int{first}
	p.Report(f)
}

// scripts tells for each character of a text whether it is one of the
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
