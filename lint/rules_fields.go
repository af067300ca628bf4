package lint

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"ups/policy"
)

// fieldRules are about the SIDs and the destination of one policy.
var fieldRules = []*Rule{
	{
		ID:       "classes-ignored",
		Name:     "sid_classes beside sid_list",
		Category: Suspicion,
		Fixable:  true,
		Summary:  "A policy gives sid_classes beside a sid_list, where they are ignored.",
		Rationale: `A sid_list that isn't empty stands in for the classes: the policy is for the listed SIDs and no
others, and for all of those whatever their class (docs/service.md, Matching).`,
		Bad:  example(`POLICY { sid_classes = KProtectedSids; sid_list = {0x20010001}; options = KYes|KNo; }`),
		Good: example(`POLICY { sid_list = {0x20010001}; options = KYes|KNo; }`),
		Run:  eachPolicy(findClassesIgnored),
	},
	{
		ID:       "destination-empty",
		Name:     "Empty destination",
		Category: Suspicion,
		Summary:  "A policy's destination is empty, which matches the empty destination alone.",
		Rationale: `It doesn't mean any destination: that is *, and what a policy has that gives none. An empty pattern is
right only where the system server sends an empty destination and means something by it.`,
		Bad:  example(`POLICY { destination = ""; options = KYes|KNo; }`),
		Good: example(`POLICY { destination = "*"; options = KYes|KNo; }`),
		Run:  eachPolicy(findDestinationEmpty),
	},
	{
		ID:        "sid-repeated",
		Name:      "SID twice in a list",
		Category:  Suspicion,
		Fixable:   true,
		Summary:   "A sid_list holds the same SID twice.",
		Rationale: `The second changes nothing. Often it was meant to be another SID, and that one is missing.`,
		Bad:       example(`POLICY { sid_list = {0x20010001, 0x20010002, 0x20010001}; options = KYes|KNo; }`),
		Good:      example(`POLICY { sid_list = {0x20010001, 0x20010002, 0x20010003}; options = KYes|KNo; }`),
		Run:       eachPolicy(findSIDRepeated),
	},
	{
		ID:       "star-repeated",
		Name:     "Two stars in a row",
		Category: Opinion,
		Fixable:  true,
		Summary:  "A destination has ** in it, which is the same as *.",
		Rationale: `Elsewhere ** often matches folders too, or stands for a star itself. Here it is a star and another:
there is no escape (docs/matching.md).`,
		Bad:  example(`POLICY { destination = "**"; options = KYes|KNo; }`),
		Good: example(`POLICY { destination = "*"; options = KYes|KNo; }`),
		Run:  eachPolicy(findStarRepeated),
	},
	{
		ID:       "wildcard-in-exact",
		Name:     "Wildcard where an exact text seems meant",
		Category: Suspicion,
		Summary:  "A destination looks like an exact number or address, but has a * or ? in it, which is a wildcard.",
		Rationale: `There is no escape: * in a service code such as *#06#, between digits, or amid a name in an address,
matches any run of characters, and the ? before the query of an address matches any one character
(docs/matching.md). Such a policy matches more than the text that it seems to name. Whether that does harm
must be looked at; it can't be written otherwise, so an ignore with the reason is the way to say that it
is all right.`,
		Bad: example(`POLICY { destination = "*#06#"; options = KYes|KNo|KSessionYes; },
		POLICY { options = KYes|KNo; }`),
		Good: example(`POLICY { destination = "+44*"; options = KYes|KNo|KSessionYes; },
		POLICY { options = KYes|KNo; }`),
		Run: eachPolicy(findWildcardInExact),
	},
}

// eachPolicy returns the run of a rule that looks at policies one by one, by
// number.
func eachPolicy(look func(p *Pass, number int, pol *policy.Policy)) func(*Pass) {
	return func(p *Pass) {
		for i := range p.File.Policies {
			look(p, i+1, &p.File.Policies[i])
		}
	}
}

func findClassesIgnored(p *Pass, number int, pol *policy.Policy) {
	given := pol.Places.Has("sid_classes")
	if p.Tree == nil { // a compiled file doesn't say whether the value was written or is the default
		given = pol.SIDClasses&policy.AllSIDs != policy.AllSIDs
	}
	if given && len(pol.SIDs) > 0 {
		f := p.finding(number, "sid_classes", "sid_classes are ignored where there is a sid_list", "remove one of the two")
		f.Related = p.related(number, "sid_list", "the list that stands in for them")
		f.Fixes = p.removeFields(number, "sid_classes")
		p.Report(f)
	}
}

func findDestinationEmpty(p *Pass, number int, pol *policy.Policy) {
	if len(pol.Destination) == 0 {
		p.Report(p.finding(number, "destination", "an empty destination matches only requests without one", `write "*" for any destination`))
	}
}

func findSIDRepeated(p *Pass, number int, pol *policy.Policy) {
	for i, sid := range pol.SIDs {
		if slices.Index(pol.SIDs, sid) == i {
			continue
		}
		f := p.finding(number, "sid_list", fmt.Sprintf("the SID 0x%08x is in this list already", sid), "remove one of them, or write the SID that was meant")
		if item := p.sidItem(number, i); item != nil {
			f.Diagnostic = f.At(p.place(item))
			f.Fixes = p.removeItem(number, "sid_list", i, "remove it")
		}
		p.Report(f)
	}
}

func findStarRepeated(p *Pass, number int, pol *policy.Policy) {
	if hasStars(pol.Destination) {
		f := p.finding(number, "destination", "** matches what * does: any run of characters", "write *")
		f.Fixes = p.rewriteString(number, "destination", "write * once", oneStar)
		p.Report(f)
	}
}

func hasStars(pattern policy.Text) bool {
	before := uint16(0)
	return slices.ContainsFunc(pattern, func(unit uint16) bool {
		repeated := unit == '*' && before == '*'
		before = unit
		return repeated
	})
}

// oneStar writes each run of stars as one.
func oneStar(literal []byte) []byte {
	for bytes.Contains(literal, []byte("**")) {
		literal = bytes.ReplaceAll(literal, []byte("**"), []byte("*"))
	}
	return literal
}

// exactForms are forms of exact texts that hold a wildcard.
var exactForms = []struct {
	look           *regexp.Regexp
	what, wildcard string
}{
	{regexp.MustCompile(`^(?i:(?:tel|sms|mms):)?[*#][0-9*#+]*[0-9][0-9*#+]*#$`), "service code", "*"},
	{regexp.MustCompile(`^(?i:(?:tel|sms|mms):)?\+?[0-9 -]*[0-9]\*[0-9*]*[0-9][0-9 -]*$`), "number", "*"},
	{regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://[^?*]*\?[^?]*=`), "address with a query", "?"},
	{regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://[^?]*[?&][^?*&=]+=\*&`), "address with a query", "*"},
	{regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://.*[A-Za-z0-9]\*[A-Za-z0-9]`), "address", "*"},
}

func findWildcardInExact(p *Pass, number int, pol *policy.Policy) {
	text := pol.Destination.String()
	for _, e := range exactForms {
		if e.look.MatchString(text) && strings.Contains(text, e.wildcard) {
			p.Report(p.finding(number, "destination",
				fmt.Sprintf("this looks like an exact %s, but its %s is a wildcard: there is no escape", e.what, e.wildcard),
				"if it is meant, or does no harm, ignore this with the reason"))
			return
		}
	}
}
