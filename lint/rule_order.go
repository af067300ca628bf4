package lint

import (
	"fmt"
	"strings"

	"ups/lint/analysis"
)

var orderRule = &Rule{
	ID:       "order",
	Name:     "General policy before a specific one",
	Category: Suspicion,
	Summary:  "An earlier policy takes requests of a later one, and is the more general of the two.",
	Rationale: `The platform's documentation asks for the most specific policy first, because the first that matches
decides (docs/service.md, Matching). Found are two policies that both decide some requests, overlap, and
give different outcomes, where the earlier one is wider in SIDs, security result or destinations, and
narrower in none of them. What neither has all of the other of can't be compared, and doesn't count.
Where the earlier one is for more SIDs, and the destinations merely overlap, this is an opinion.`,
	Bad: example(`POLICY { destination = "sms:*"; options = KYes; },
		POLICY { systemserversecurity = ESystemServerSecurityFailed; destination = "*0900*"; options = KNo; },
		POLICY { options = KYes|KNo; }`),
	Good: example(`POLICY { systemserversecurity = ESystemServerSecurityFailed; destination = "*0900*"; options = KNo; },
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
func takersOf(r analysis.PolicyResult, outOfOrder bool) (culprits []int, first analysis.Conflict) {
	for _, t := range r.Conflicts {
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

func (p *Pass) order(i int, culprits []int, first analysis.Conflict) Finding {
	f := p.finding(i+1, "destination",
		fmt.Sprintf("%s %s before this one, and %s; %s; the most specific comes first",
			policyNames(culprits), verb(culprits, "stands", "stand"), p.wider(i, first, culprits), p.decided(first.Decided, i, "this one")),
		"")
	if move, ok := p.Analysis().MoveBefore(i, culprits[0]); ok {
		f.Hint = moveHint(move)
	}
	if first.SIDs == analysis.Wider && first.Security == analysis.Same && first.Destinations == analysis.Apart {
		f.Category = Opinion // they hardly have to do with each other
	}
	f.Witness = &first.Request
	f.Cause = cause{fmt.Sprint("order", culprits, first.SIDs, first.Security, first.Destinations), "so it is with %s"}
	return p.blaming(f, culprits, "is more general")
}

// wider says in what the first of the culprits is wider than a policy.
func (p *Pass) wider(i int, t analysis.Conflict, culprits []int) string {
	var in []string
	for _, d := range []struct {
		name string
		analysis.Relation
	}{{"SIDs", t.SIDs}, {"results of the check", t.Security}, {"destinations", t.Destinations}} {
		if d.Relation == analysis.Wider {
			in = append(in, d.name)
		}
	}
	who := "is"
	if len(culprits) > 1 {
		who = policyNames(culprits[:1]) + " is"
	}
	return who + " for more " + strings.Join(in, " and ")
}
