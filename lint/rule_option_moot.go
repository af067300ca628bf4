package lint

import (
	"fmt"

	"ups/policy"
)

var optionMootRule = &Rule{
	ID:       "option-moot",
	Name:     "Option without effect",
	Category: Suspicion,
	Summary:  "Without a prompt an option changes nothing: it is neither offered nor stored, and never the decision.",
	Rationale: `A policy without a yes-kind or without a no-kind doesn't prompt, and its options are mapped to one
decision: No, Session No if that is among them, Yes, or Session Yes if that is among them. Always and
Never are answers that are stored only when a user gives them. Whoever wrote KYes|KAlways probably
meant a prompt (docs/service.md, A request).`,
	Bad: example(`POLICY { sid_classes = KProtectedSids; options = KYes|KAlways; },
		POLICY { options = KYes|KNo; }`),
	Good: example(`POLICY { sid_classes = KProtectedSids; options = KYes; },
		POLICY { options = KYes|KNo; }`),
	Run: runOptionMoot,
}

func runOptionMoot(p *Pass) {
	for i, pol := range p.File.Policies {
		decision := pol.Options.Map(pol.Options)
		moot := pol.Options & policy.AllOptions &^ optionOf(decision)
		if pol.Options.Prompts() || moot == 0 {
			continue
		}
		effect := "has no effect"
		if moot == policy.Always && decision == policy.DecisionYes && pol.Options&policy.Yes == 0 {
			effect = "counts as KYes" // without it the decision would be no
		}
		p.reportDecided(i, anyClient,
			fmt.Sprintf("%s %s: without a prompt %s is always %q", writeOptions(moot), effect, writeOptions(pol.Options), decision),
			fmt.Sprintf("write %s, or offer both a yes and a no for there to be a prompt", writeOptions(optionOf(decision))))
	}
}

// optionOf gives the option that stands for a decision.
func optionOf(d policy.Decision) policy.Options {
	switch d {
	case policy.DecisionYes:
		return policy.Yes
	case policy.DecisionSessionYes:
		return policy.SessionYes
	case policy.DecisionSessionNo:
		return policy.SessionNo
	}
	return policy.No
}
