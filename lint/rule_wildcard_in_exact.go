package lint

import (
	"fmt"
	"regexp"
	"strings"
)

var wildcardInExactRule = &Rule{
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
	Run: runWildcardInExact,
}

// exactLooks are the looks of exact texts that hold a wildcard.
var exactLooks = []struct {
	look           *regexp.Regexp
	what, wildcard string
}{
	{regexp.MustCompile(`^(?i:(?:tel|sms|mms):)?[*#][0-9*#+]*[0-9][0-9*#+]*#$`), "service code", "*"},
	{regexp.MustCompile(`^(?i:(?:tel|sms|mms):)?\+?[0-9 -]*[0-9]\*[0-9*]*[0-9][0-9 -]*$`), "number", "*"},
	{regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://[^?*]*\?[^?]*=`), "address with a query", "?"},
	{regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://[^?]*[?&][^?*&=]+=\*&`), "address with a query", "*"},
	{regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://.*[A-Za-z0-9]\*[A-Za-z0-9]`), "address", "*"},
}

func runWildcardInExact(p *Pass) {
	for i, pol := range p.File.Policies {
		text := pol.Destination.String()
		for _, e := range exactLooks {
			if !e.look.MatchString(text) || !strings.Contains(text, e.wildcard) {
				continue
			}
			p.Report(p.finding(i+1, "destination",
				fmt.Sprintf("this looks like an exact %s, but its %s is a wildcard: there is no escape", e.what, e.wildcard),
				"if it is meant, or does no harm, ignore this with the reason"))
			break
		}
	}
}
