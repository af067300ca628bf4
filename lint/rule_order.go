package lint

import (
	"fmt"

	"ups/diag"
)

var orderRule = &Rule{
	ID:       "order",
	Name:     "General policy before a specific one",
	Severity: diag.Warning,
	Summary:  "An earlier policy takes requests of a later one, and is the more general of the two.",
	Rationale: `The platform's documentation asks for the most specific policy first, because the first that matches
decides (ups-service.md, Matching). Found are two policies that both decide some requests, overlap, and
give different outcomes, where the earlier one is wider in SIDs, security result or destinations, and
narrower in none of them. What neither has all of the other of can't be compared, and doesn't count.`,
	Bad: example(`POLICY { destination = "sms:*"; options = KYes; },
		POLICY { sid_list = {0x20000001}; destination = "*0900*"; options = KNo; },
		POLICY { options = KYes|KNo; }`),
	Good: example(`POLICY { sid_list = {0x20000001}; destination = "*0900*"; options = KNo; },
		POLICY { destination = "sms:*"; options = KYes; },
		POLICY { options = KYes|KNo; }`),
	Run: runOrder,
}

func runOrder(p *Pass) {
	for i, r := range p.Analysis().Policies {
		if culprits, first := takersOf(r, true); len(culprits) > 0 {
			p.Report(p.order(i, culprits, first))
		}
	}
}

// takersOf gives the takers that are out of order, or those that aren't, and
// the first of them.
func takersOf(r Result, outOfOrder bool) (culprits []int, first Taker) {
	for _, t := range r.Takers {
		if t.OutOfOrder() != outOfOrder {
			continue
		}
		if len(culprits) == 0 {
			first = t
		}
		culprits = append(culprits, t.By)
	}
	return culprits, first
}

func (p *Pass) order(i int, culprits []int, first Taker) Finding {
	f := p.finding(i+1, "destination",
		fmt.Sprintf("%s %s before this one and %s more general: %s, for example for %s; the most specific comes first",
			policyNames(culprits), verb(culprits, "stands", "stand"), verb(culprits, "is", "are"),
			p.instead(i, first.By, culprits), describe(first.Request)),
		"move it before "+policyNames(culprits[:1]))
	f.Witness = &first.Request
	return p.blaming(f, culprits, "is more general")
}
