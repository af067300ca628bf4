package policy

import "testing"

// mapRule is a line of docs/service.md, From a choice to a decision: if the choice holds
// any of these options, it is session if the policy offers that one, else once.
type mapRule struct {
	any           Options
	offered       Options
	session, once Decision
}

var mapRules = []mapRule{
	{Never | SessionNo, SessionNo, DecisionSessionNo, DecisionNo},
	{Always | SessionYes, SessionYes, DecisionSessionYes, DecisionYes},
	{No, 0, DecisionNo, DecisionNo},
	{Yes, 0, DecisionYes, DecisionYes},
}

func mapByRules(o, choice Options) Decision {
	for _, r := range mapRules {
		switch {
		case choice&r.any == 0:
		case o&r.offered != 0:
			return r.session
		default:
			return r.once
		}
	}
	return DecisionNo
}

// All 64×64 pairs.
func TestDecisionForAllOptions(t *testing.T) {
	for o := Options(0); o <= AllOptions; o++ {
		for choice := Options(0); choice <= AllOptions; choice++ {
			if got, want := o.DecisionFor(choice), mapByRules(o, choice); got != want {
				t.Errorf("%v under %v: %v, want %v", choice, o, got, want)
			}
		}
	}
}

func TestDecisionForExamples(t *testing.T) {
	for _, c := range []struct {
		offered, choice Options
		want            Decision
	}{
		{Yes | No, Yes, DecisionYes},
		{Yes | No, No, DecisionNo},
		{Yes | No, 0, DecisionNo},
		{Yes | No, Always, DecisionYes},
		{AllOptions, Always, DecisionSessionYes},
		{AllOptions, SessionYes, DecisionSessionYes},
		{AllOptions, Never, DecisionSessionNo},
		{AllOptions &^ SessionNo, Never, DecisionNo},
		{AllOptions, Yes | Never, DecisionSessionNo},
		{Always, Always, DecisionYes},
		{SessionYes | Yes, SessionYes | Yes, DecisionSessionYes},
		{0, 0, DecisionNo},
	} {
		if got := c.offered.DecisionFor(c.choice); got != c.want {
			t.Errorf("%v under %v: %v, want %v", c.choice, c.offered, got, c.want)
		}
	}
}

func TestPromptsNeedsBothKinds(t *testing.T) {
	prompts := 0
	for o := Options(0); o <= AllOptions; o++ {
		yes := o&Yes != 0 || o&SessionYes != 0 || o&Always != 0
		no := o&No != 0 || o&SessionNo != 0 || o&Never != 0
		if o.Prompts() != (yes && no) {
			t.Errorf("%v: %v", o, o.Prompts())
		}
		if o.Prompts() {
			prompts++
		}
	}
	if prompts != 7*7 {
		t.Errorf("%d sets of options prompt, want 49", prompts)
	}
}

func TestDecisionNames(t *testing.T) {
	var zero Decision
	if zero != DecisionNo || zero.Allows() {
		t.Error("the zero Decision allows")
	}
	names := map[Decision]string{
		DecisionNo: "no", DecisionYes: "yes", DecisionSessionNo: "session-no", DecisionSessionYes: "session-yes", 9: "decision 9",
	}
	for d, want := range names {
		if d.String() != want {
			t.Errorf("%q, want %q", d, want)
		}
		if allows := d == DecisionYes || d == DecisionSessionYes; d.Allows() != allows {
			t.Errorf("%v allows: %v", d, d.Allows())
		}
	}
}
