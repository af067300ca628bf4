package lint

import (
	"fmt"

	"ups/diag"
)

var unreachableRule = &Rule{
	ID:       "unreachable",
	Name:     "Unreachable policy",
	Severity: diag.Error,
	Fixable:  true,
	Summary:  "No request gets to a policy: earlier ones take all that it matches, or it matches nothing.",
	Rationale: `Policies are tried in file order, and the first that matches decides (ups-service.md, Matching). A
policy that stands too late is switched off in silence, and what it was to refuse may be allowed. If
its requests get another outcome than it would have given, this is an error, and a request shows it.
If they get the same, the policy is only redundant: a warning, and it can be removed. It is proved for
all regular destinations (matching.md), of any length.`,
	Bad: example(`POLICY { destination = "sms:*"; options = KYes; },
		POLICY { destination = "sms:0900*"; options = KNo; },
		POLICY { options = KYes|KNo; }`),
	Good: example(`POLICY { destination = "sms:0900*"; options = KNo; },
		POLICY { destination = "sms:*"; options = KYes; },
		POLICY { options = KYes|KNo; }`),
	Run: runUnreachable,
}

func runUnreachable(p *Pass) {
	for i, r := range p.Analysis().Policies {
		switch r.Reach {
		case MatchesNothing:
			p.Report(p.matchesNothing(i))
		case Unreachable:
			p.Report(p.unreachable(i, r))
		}
	}
}

// matchesNothing tells why a policy matches nothing: its SIDs or its security
// result, which are all that can be empty.
func (p *Pass) matchesNothing(i int) Finding {
	if sidsOf(&p.File.Policies[i]).String() != noSID {
		return p.finding(i+1, "systemserversecurity", "no request gets here: systemserversecurity is none of passed, failed and either",
			"use ESystemServerSecurityPassedOrFailed")
	}
	return p.finding(i+1, "sid_classes", "no request gets here: sid_classes has no class, and there is no sid_list",
		"name the classes, such as KAllSids, or the SIDs in a sid_list")
}

func (p *Pass) unreachable(i int, r Result) Finding {
	culprits, manner := r.Alone, " matches"
	switch {
	case len(r.Alone) == 0:
		culprits, manner = r.Together, " together match"
	case len(r.Alone) > 1:
		manner = " each match"
	}
	message := "no request gets here: " + policyNames(culprits) + manner + " all that this one does"
	f := p.finding(i+1, "destination", message, "")
	switch r.Differs {
	case Yes:
		f.Message += fmt.Sprintf(", and %s, for example for %s", p.instead(i, r.DiffersBy.By, culprits), describe(r.DiffersBy.Request))
		f.Hint = "move it before " + policyNames(culprits[:1])
		f.Witness = &r.DiffersBy.Request
	case No:
		f.Severity = diag.Warning
		f.Message += ", with the same outcome"
		f.Hint = "remove it"
		if r.Safe {
			f.Fixes = p.removePolicy(i + 1)
		}
	default:
		f.Message += "; whether the outcome is the same is not decided"
	}
	return p.blaming(f, culprits, "stands before it")
}
