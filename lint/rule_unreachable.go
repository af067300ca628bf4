package lint

import (
	"fmt"
	"slices"

	"ups/lint/analysis"
)

var unreachableRule = &Rule{
	ID:       "unreachable",
	Name:     "Unreachable policy",
	Category: Defect,
	Fixable:  true,
	Summary:  "No request gets to a policy: earlier ones take all that it matches, or it matches nothing.",
	Rationale: `Policies are tried in file order, and the first that matches decides (docs/service.md, Matching). A
policy that stands too late is switched off in silence, and what it was to refuse may be allowed. If
what covers it has another outcome, this is a defect, and a request shows it. If that has the same
outcome, the policy is only redundant: a suspicion, and it can be removed. Policies with the same
cause are one finding; what a catch-all covers is found by the rule catch-all. It is proved for
all regular destinations (docs/matching.md), of any length.`,
	Bad: example(`POLICY { destination = "sms:*"; options = KYes; },
		POLICY { destination = "sms:0900*"; options = KNo; },
		POLICY { options = KYes|KNo; }`),
	Good: example(`POLICY { destination = "sms:0900*"; options = KNo; },
		POLICY { destination = "sms:*"; options = KYes; },
		POLICY { options = KYes|KNo; }`),
	Run: runUnreachable,
}

func runUnreachable(p *Pass) {
	catchAll := p.catchAll()
	for i, r := range p.Analysis().Policies {
		switch r.Reach {
		case analysis.MatchesNothing:
			p.Report(p.matchesNothing(i))
		case analysis.Unreachable:
			if catchAll < 0 || r.Cover()[0] != catchAll {
				p.Report(p.unreachable(i, r))
			}
		}
	}
}

// matchesNothing says why a policy matches nothing: its SIDs or its security
// result, which are all that can be empty.
func (p *Pass) matchesNothing(i int) Finding {
	if !analysis.SIDsOf(&p.File.Policies[i]).Empty() {
		return p.finding(i+1, "systemserversecurity", "no request gets here: systemserversecurity is none of passed, failed and either",
			"use ESystemServerSecurityPassedOrFailed")
	}
	return p.finding(i+1, "sid_classes", "no request gets here: sid_classes has no class, and there is no sid_list",
		"name the classes, such as KAllSids, or the SIDs in a sid_list")
}

func (p *Pass) unreachable(i int, r analysis.PolicyResult) Finding {
	culprits, manner := p.reachedCover(r), " matches"
	replaced := p.Analysis().Replaced(i)
	switch {
	case len(r.CoveredBy) == 0 && len(culprits) > 1:
		manner = " together match"
	case replaced:
		culprits = culprits[:1]
	case len(culprits) > 1:
		manner = " each match"
	}
	f := p.finding(i+1, "destination", "no request gets here: "+policyNames(culprits)+manner+" all that this one does", "remove it")
	switch {
	case replaced:
		f.Category = Suspicion
		f.Message += ", with the same outcome"
	case r.Differs == analysis.No:
		f.Category = Suspicion
		f.Message += ", and all its requests get the outcome that it has"
	case r.Differs == analysis.Yes:
		f.Message += "; " + p.decided(*r.DifferingRequest, i, "this one")
		f.Hint = p.moveUpHint(i)
		f.Witness = &r.DifferingRequest.Request
	default:
		f.Message += "; whether they get another outcome is not decided"
		f.Hint = ""
	}
	if r.Removable && f.Category == Suspicion {
		f.Fixes = p.removePolicy(i + 1)
	}
	f.Cause = cause{fmt.Sprint("unreachable", culprits, manner), "no request gets to %s either"}
	return p.withCulprits(f, culprits, "stands before it")
}

// reachedCover returns the policies that cover one. Of those that do so each
// alone, only such as decide something, if there are any: of a hundred equal
// policies the first leaves nothing to the others.
func (p *Pass) reachedCover(r analysis.PolicyResult) []int {
	if len(r.CoveredBy) == 0 {
		return r.Cover()
	}
	deciding := slices.DeleteFunc(slices.Clone(r.CoveredBy), func(c int) bool { return p.Analysis().Policies[c].Reach != analysis.Reachable })
	if len(deciding) == 0 {
		return r.CoveredBy
	}
	return deciding
}

// moveUpHint advises how to make a policy reachable, as far as that is proved.
func (p *Pass) moveUpHint(i int) string {
	move, ok := p.Analysis().MoveUp(i)
	if !ok {
		return "say which of them is meant, and remove the other"
	}
	return moveHint(move)
}

// moveHint advises a move, or says what would come of it.
func moveHint(m analysis.Move) string {
	to := policyNames([]int{m.Before})
	switch {
	case len(m.Unreachable) == 0:
		return "move it before " + to
	case len(m.Unreachable) == 1 && m.Unreachable[0] == m.Before:
		return "one of the two must go: before " + to + " it would take all that " + to + " decides"
	}
	return "decide which are meant: before " + to + " it would take all that " + policyNames(m.Unreachable) + " " +
		verb(m.Unreachable, "decides", "decide")
}
