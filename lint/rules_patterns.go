package lint

import (
	"fmt"
	"slices"

	"ups/internal/wildcard"
	"ups/policy"
)

// patternRules are about how a device reads a pattern.
var patternRules = []*Rule{
	{
		ID:       "irregular",
		Name:     "Pattern that is not regular",
		Category: Suspicion,
		Summary:  "A destination isn't a regular pattern: the device's matcher makes something else of it than is written.",
		Rationale: `The device's matcher has faults around marks, surrogates, characters outside the Basic Multilingual
Plane and U+0345; some let a pattern match more than is written (docs/matching.md, The quirks). Nothing that
ups lint says of unreachable, redundant or uncovered policies rests on such a pattern.`,
		Bad: example(`POLICY { destination = "*" <0x0301> "b"; options = KYes|KNo|KSessionYes; },
		POLICY { options = KYes|KNo; }`),
		Good: example(`POLICY { destination = "*a" <0x0301> "b"; options = KYes|KNo|KSessionYes; },
		POLICY { options = KYes|KNo; }`),
		Run: aboutAnomalies(irregularIn),
	},
	{
		ID:       "respelled",
		Name:     "One pattern, two spellings",
		Category: Opinion,
		Summary:  "Two policies have destinations that are spelled differently, but match the same.",
		Rationale: `Case is folded, composed and decomposed characters are one, and ?* is *? (docs/matching.md). Spell a
pattern in one way, so that a search finds all policies that it is in.`,
		Bad: example(`POLICY { sid_list = {0x20010001}; destination = "*.Example"; options = KYes|KNo|KSessionYes; },
		POLICY { destination = "*.example"; options = KYes|KNo; }`),
		Good: example(`POLICY { sid_list = {0x20010001}; destination = "*.example"; options = KYes|KNo|KSessionYes; },
		POLICY { destination = "*.example"; options = KYes|KNo; }`),
		Run: runRespelled,
	},
	{
		ID:       "uncased",
		Name:     "Character that the device doesn't know",
		Category: Opinion,
		Summary:  "A destination has a character that is newer than the device's Unicode 5.0 and has two cases, or is none at all.",
		Rationale: `The device folds case by Unicode 5.0. A letter that came later matches only in the case that it is
written in, and U+FDD0 to U+FDEF, which aren't characters, match themselves (docs/matching.md).`,
		Bad: example(`POLICY { destination = <0x1e9e> "*"; options = KYes|KNo|KSessionYes; },
		POLICY { options = KYes|KNo; }`),
		Good: example(`POLICY { destination = <0xdf> "*"; options = KYes|KNo|KSessionYes; },
		POLICY { options = KYes|KNo; }`),
		Run: aboutAnomalies(uncasedIn),
	},
}

// whatTheDeviceMakes says what becomes of each irregular kind of anomaly, with
// the quirks of docs/matching.md.
var whatTheDeviceMakes = map[wildcard.AnomalyKind]string{
	wildcard.LeadingMark:       "after a wildcard it may begin inside a character, so * before it matches more than written (D4), and its marks are never put in order (D11)",
	wildcard.MarkOrder:         "it matches the marks in another order in some places, and fails in others (D3)",
	wildcard.LoneIota:          "it matches a Greek iota as well, so more than written (D8, D10), but not the composed letters that hold it (D9)",
	wildcard.UnpairedSurrogate: "it is dropped, and after the last * it lets anything follow: more than written (D5, D12)",
	wildcard.Dropped:           "it is dropped, and after the last * it lets anything follow: more than written (D5, D12)",
	wildcard.Supplementary:     "it is two units, which ? and the end of the pattern may count one by one (D2)",
	wildcard.TailSupplementary: "its two units are counted one by one: 437 ideographs let anything follow, so more than written (D6), and others match less (D2, D7)",
}

// aboutAnomalies returns the run of a rule about the anomalies of patterns,
// each kind once a policy. An empty message says nothing.
func aboutAnomalies(about func(character string, a wildcard.Anomaly) (message, hint string)) func(*Pass) {
	return eachPolicy(func(p *Pass, number int, pol *policy.Policy) {
		var seen []wildcard.AnomalyKind
		for _, a := range wildcard.Anomalies(pol.Destination) {
			if slices.Contains(seen, a.Kind) {
				continue
			}
			seen = append(seen, a.Kind)
			if message, hint := about(characterAt(pol.Destination, a), a); message != "" {
				p.Report(p.finding(number, "destination", message, hint))
			}
		}
	})
}

func irregularIn(character string, a wildcard.Anomaly) (message, hint string) {
	if !a.Kind.Irregular() {
		return "", ""
	}
	return fmt.Sprintf("%s is not regular here: %s; %s", character, a.Kind, whatTheDeviceMakes[a.Kind]),
		"no claim that rests on this pattern is made; write it otherwise if you can"
}

func uncasedIn(character string, a wildcard.Anomaly) (message, hint string) {
	if a.Kind.Irregular() {
		return "", ""
	}
	return fmt.Sprintf("%s: %s", character, a.Kind), ""
}

// characterAt names the character that an anomaly is about.
func characterAt(pattern policy.Text, a wildcard.Anomaly) string {
	units := pattern[a.Offset : a.Offset+a.Length]
	r := []rune(units.String())[0]
	if len(units) == 1 {
		r = rune(units[0])
	}
	return fmt.Sprintf("U+%04X", r)
}

func runRespelled(p *Pass) {
	var letters wildcard.Alphabet
	first := map[string]int{} // by what is matched, the number of the policy that spelled it first
	for i, pol := range p.File.Policies {
		glob, ok := letters.Glob(pol.Destination)
		if !ok {
			continue // what isn't regular has a finding of its own
		}
		key := fmt.Sprint(glob)
		other, known := first[key]
		if !known {
			first[key] = i + 1
			continue
		}
		if spelled := p.File.Policies[other-1].Destination; !slices.Equal(spelled, pol.Destination) {
			f := p.finding(i+1, "destination", fmt.Sprintf("this matches what %q of policy %d does", spelled.String(), other), "spell it in one way")
			f.Related = p.related(other, "destination", "spelled like this before")
			f.Culprits = []int{other}
			p.Report(f)
		}
	}
}
