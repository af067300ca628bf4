package lint

import (
	"fmt"
	"strings"

	"ups/lint/analysis"
)

// conflictRules are about earlier policies that decide requests of a later one
// with another outcome.
var conflictRules = []*Rule{
	{
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
	},
	{
		ID:       "shadowed",
		Name:     "Partly shadowed policy",
		Category: Opinion,
		Summary:  "Earlier policies, more general in some way and less in another, take a part of a later one.",
		Rationale: `The first policy that matches decides (docs/service.md, Matching), so the later one doesn't have all that
it says it has. This may well be meant: an exception for one application goes before the rule for all.
Only policies with another outcome are named; where the earlier one is more general in every way, it is
the rule order that speaks.`,
		Bad: example(`POLICY { sid_list = {0x20000001}; destination = "*"; options = KYes; },
		POLICY { destination = "sms:0900*"; options = KNo; },
		POLICY { options = KYes|KNo; }`),
		Good: example(`POLICY { sid_list = {0x20000001}; destination = "sms:09001*"; options = KYes; },
		POLICY { destination = "sms:0900*"; options = KNo; },
		POLICY { options = KYes|KNo; }`),
		Run: runShadowed,
	},
}

func runOrder(p *Pass) {
	for i, r := range p.Analysis().Policies {
		if culprits, first := conflictsOf(r, true); len(culprits) > 0 {
			p.Report(p.order(i, culprits, first))
		}
	}
}

// conflictsOf returns with which policies there are conflicts that are out of
// order, or that aren't, and the first of the conflicts.
func conflictsOf(r analysis.PolicyResult, outOfOrder bool) (culprits []int, first analysis.Conflict) {
	for _, c := range r.Conflicts {
		if c.OutOfOrder() != outOfOrder {
			continue
		}
		if len(culprits) == 0 {
			first = c
		}
		culprits = append(culprits, c.By)
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
	if first.Slight() {
		f.Category = Opinion
	}
	f.Witness = &first.Request
	f.Cause = cause{fmt.Sprint("order", culprits, first.SIDs, first.Security, first.Destinations), "so it is with %s"}
	return p.withCulprits(f, culprits, "is more general")
}

// wider says in what the first of the culprits is wider than a policy.
func (p *Pass) wider(i int, c analysis.Conflict, culprits []int) string {
	var in []string
	for _, d := range []struct {
		name string
		analysis.Relation
	}{{"SIDs", c.SIDs}, {"results of the check", c.Security}, {"destinations", c.Destinations}} {
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

func runShadowed(p *Pass) {
	for i, r := range p.Analysis().Policies {
		culprits, first := conflictsOf(r, false)
		if len(culprits) == 0 {
			continue
		}
		f := p.finding(i+1, "destination",
			fmt.Sprintf("%s %s a part of this one (%s); %s", policyNames(culprits), verb(culprits, "takes", "take"),
				p.shared(first, i), p.decided(first.Decided, i, "this one")),
			"")
		f.Cause = cause{fmt.Sprint("shadowed", culprits), "so it is with %s"}
		f.Witness = &first.Request
		p.Report(p.withCulprits(f, culprits, "takes a part"))
	}
}
