package analysis

import (
	"testing"

	"ups/policy"
)

func TestOutcomes(t *testing.T) {
	f := &policy.File{Header: &policy.Header{PolicyEvaluator: 5, DialogCreator: 6}}
	prompt := Outcome{Prompts: true, Options: policy.Yes | policy.No, Evaluator: 5, Creator: 6}
	for _, c := range []struct {
		name string
		p    policy.Policy
		want Outcome
	}{
		{"the header's plug-ins", policy.Policy{Options: policy.Yes | policy.No}, prompt},
		{"the same plug-ins", policy.Policy{Options: policy.Yes | policy.No, PolicyEvaluator: 5, DialogCreator: 6}, prompt},
		{"silent, so no plug-in counts", policy.Policy{Options: policy.Always, PolicyEvaluator: 7, Flags: 1}, Outcome{Decision: policy.DecisionYes}},
		{"no option at all", policy.Policy{}, Outcome{Decision: policy.DecisionNo}},
		{"a session's no", policy.Policy{Options: policy.SessionNo | policy.Never}, Outcome{Decision: policy.DecisionSessionNo}},
	} {
		if got := OutcomeOf(f, &c.p); got != c.want {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	if DefaultOutcome(f) == prompt {
		t.Error("a plug-in evaluator learns that it is the default policy")
	}
	f.Header.PolicyEvaluator = 0
	if DefaultOutcome(f) != OutcomeOf(f, &policy.Policy{Options: policy.Yes | policy.No}) {
		t.Error("the default evaluator doesn't learn it")
	}
	if DefaultOutcome(&policy.File{}) != (Outcome{Prompts: true, Options: policy.Yes | policy.No}) {
		t.Error("without a header")
	}
}

func TestUnlikeSaysWhatDiffers(t *testing.T) {
	a := Outcome{Prompts: true, Options: policy.Yes | policy.No, Evaluator: 1, Creator: 2, Flags: 3}
	for _, c := range []struct {
		change func(*Outcome)
		want   string
	}{
		{func(o *Outcome) { *o = Outcome{} }, "no without a prompt"},
		{func(o *Outcome) { o.Options = policy.Yes | policy.Never }, "a prompt with KYes|KNever"},
		{func(o *Outcome) { o.Evaluator = 16 }, "a prompt with KYes|KNo, evaluator 0x10"},
		{func(o *Outcome) { o.Creator = 16 }, "a prompt with KYes|KNo, dialog creator 0x10"},
		{func(o *Outcome) { o.Flags, o.Default = 4, true }, "a prompt with KYes|KNo, flags 0x4, marked as default"},
	} {
		b := a
		c.change(&b)
		if got := b.Unlike(a); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestSIDSets(t *testing.T) {
	all, protected := SIDSet{Classes: policy.AllSIDs}, SIDSet{Classes: policy.ProtectedSIDs}
	some := SIDSet{SIDs: []uint32{1, 0x20000000}}
	mixed := SIDSet{Classes: 1 << 15, SIDs: []uint32{1}}
	for _, c := range []struct {
		s, t   SIDSet
		within bool
		common string
	}{
		{protected, all, true, "protected SIDs"},
		{all, protected, false, "protected SIDs"},
		{some, protected, true, "SIDs 0x00000001, 0x20000000"},
		{protected, some, false, "SIDs 0x00000001, 0x20000000"},
		{some, some, true, "SIDs 0x00000001, 0x20000000"},
		{mixed, some, false, "SID 0x00000001"},
		{mixed, all, true, "SIDs of class F and SID 0x00000001"},
		{SIDSet{}, some, true, "no SID"},
	} {
		if got := c.s.within(c.t); got != c.within {
			t.Errorf("%v within %v: %t", c.s, c.t, got)
		}
		if got := c.s.Common(c.t).String(); got != c.common {
			t.Errorf("%v and %v have %s in common", c.s, c.t, got)
		}
	}
	if got := (SIDSet{Classes: 5, SIDs: []uint32{1, 2, 3, 4, 5, 6, 7}}).String(); got != "SIDs of classes 0, 2 and SIDs 0x00000001, 0x00000002, 0x00000003, 0x00000004, 0x00000005, 2 more" {
		t.Error(got)
	}
}
