package servicetest

import (
	"context"
	"fmt"
	"testing"

	"ups/policy"
	"ups/runtime"
	"ups/runtime/decision"
	"ups/runtime/service"
)

// The asking table of docs/service.md, through a session: what is answered
// without the service has the check as its source, the rest is answered by a
// policy that says yes in silence.
func (w world) serviceIsAskedByTheTable(t *testing.T) {
	checkRow(t, w.newFixture(t, nil), runtime.ServiceConfig{})
	for p := policy.AlwaysCheck; p <= policy.NeverCheck+1; p++ {
		f := list(offer(policy.Yes))
		f.Header.AuthorisationPolicy = p
		checkRow(t, w.newFixture(t, f), runtime.ServiceConfig{HasPolicyFile: true, AuthorisationPolicy: p})
	}
}

// checkRow asks for all kinds of clients that the table distinguishes.
func checkRow(t *testing.T, g *fixture, config runtime.ServiceConfig) {
	t.Helper()
	for _, passed := range []bool{true, false} {
		for _, c := range []runtime.Client{
			{SID: 0x10000001, Drive: 'z'},
			{SID: 0x7FFFFFFF, Drive: 'Z'},
			{SID: 0x10000001, Drive: 'c'},
			{SID: 0x10000001},
			{SID: 0x80000000, Drive: 'z'},
			{SID: 0xFFFFFFFF, Drive: 'c'},
			{SID: 0x10000001, Drive: 'z', Gone: true},
			{SID: 0x80000000, Drive: 'c', Gone: true},
		} {
			checkCell(t, g, c, passed, fmt.Sprintf("%+v, passed %v, client %+v", config, passed, c), config.Ask(c, passed))
		}
	}
}

func checkCell(t *testing.T, g *fixture, c runtime.Client, passed bool, name string, want policy.Answer) {
	t.Helper()
	id := service.Client{SID: c.SID, Drive: c.Drive, ProcessGone: func() bool { return c.Gone }}
	sub, err := g.session.Open(id)
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Close()
	d, err := decided(g.authorise(context.Background(), sub, service.Query{Service: theService, Passed: passed}))
	source := g.last().Source
	switch {
	case want == policy.Ask && c.Gone:
		if d != policy.DecisionNo || err == nil {
			t.Errorf("%s: %v, error %v, want a refusal of the client that is gone", name, d, err)
		}
	case want == policy.Ask:
		if d != policy.DecisionYes || err != nil || source != service.SourceSilent {
			t.Errorf("%s: %v from %v, error %v, want the service's yes", name, d, source, err)
		}
	default:
		if d.Allows() != (want == policy.Allow) || err != nil || source != service.SourceCheck {
			t.Errorf("%s: %v from %v, error %v, want %v", name, d, source, err, want)
		}
	}
}

// All 64 sets of options by all 64 answers of a dialog creator.
func (w world) everyAnswerUnderEveryPolicy(t *testing.T) {
	f := list()
	for o := range policy.AllOptions + 1 {
		p := offer(o)
		p.Destination = policy.NewText(fmt.Sprint(o))
		f.Policies = append(f.Policies, p)
	}
	g := w.newFixture(t, f)
	for o := range policy.AllOptions + 1 {
		for choice := range policy.AllOptions + 1 {
			checkAnswer(t, g, o, choice)
		}
	}
	if n := g.user.shown.Load(); n != 7*7*64 {
		t.Errorf("%d dialogs, want one for each answer under the 49 policies that prompt", n)
	}
}

func checkAnswer(t *testing.T, g *fixture, offered, choice policy.Options) {
	t.Helper()
	g.user.always(choice)
	got, err := g.ask(anApp, fmt.Sprint(offered))
	want, stored := expectAnswer(offered, choice)
	records := g.results()
	if got != want || err != nil || fmt.Sprint(records) != fmt.Sprint(stored) {
		t.Errorf("%v under %v: %v, stored %v, error %v, want %v, %v", choice, offered, got, records, err, want, stored)
	}
	if len(stored) > 0 {
		g.must(anApp, fmt.Sprint(offered), want, service.SourceStored)
	}
	if _, err := decision.Clear(context.Background(), g.db); err != nil {
		t.Fatal(err)
	}
}

// expectAnswer says what docs/service.md does, in the words of the table and
// not of the code.
func expectAnswer(offered, choice policy.Options) (policy.Decision, []string) {
	yes, no := offered&policy.YesKinds != 0, offered&policy.NoKinds != 0
	if !yes || !no {
		return byRules(offered, offered), nil
	}
	var left policy.Options
	for _, one := range []policy.Options{policy.Yes, policy.No, policy.SessionYes, policy.SessionNo, policy.Always, policy.Never} {
		if choice&one != 0 && offered&one != 0 {
			left |= one
		}
	}
	decision := byRules(offered, left)
	switch {
	case left&policy.Never != 0:
		return decision, []string{"never"}
	case left&policy.Always != 0 && decision.Allows():
		return decision, []string{"always"}
	}
	return decision, nil
}

// byRules is Mapping a choice, rule by rule.
func byRules(o, c policy.Options) policy.Decision {
	rules := []struct {
		any, offered policy.Options
		then, orElse policy.Decision
	}{
		{policy.Never | policy.SessionNo, policy.SessionNo, policy.DecisionSessionNo, policy.DecisionNo},
		{policy.Always | policy.SessionYes, policy.SessionYes, policy.DecisionSessionYes, policy.DecisionYes},
		{policy.No, 0, policy.DecisionNo, policy.DecisionNo},
		{policy.Yes, 0, policy.DecisionYes, policy.DecisionYes},
	}
	for _, r := range rules {
		switch {
		case c&r.any == 0:
		case o&r.offered != 0:
			return r.then
		default:
			return r.orElse
		}
	}
	return policy.DecisionNo
}

func (w world) firstMatchDecides(t *testing.T) {
	special := offer(policy.Yes)
	special.SIDs, special.SIDClasses = []uint32{anApp}, 0
	failed := offer(policy.No)
	failed.Security = policy.Failed
	calls := offer(policy.SessionYes)
	calls.Destination = policy.NewText("+44*")
	calls.SIDClasses = policy.UnprotectedSIDs
	g := w.newFixture(t, list(special, failed, calls))
	g.user.always(policy.Yes)
	for _, c := range []struct {
		sid    uint32
		passed bool
		dest   string
		index  int
		want   policy.Decision
		from   service.Source
	}{
		{anApp, true, "+44 1", 0, policy.DecisionYes, service.SourceSilent},
		{anApp, false, "x", 0, policy.DecisionYes, service.SourceSilent},
		{aWildApp, false, "+44 1", 1, policy.DecisionNo, service.SourceSilent},
		{aWildApp, true, "+44 1", 2, policy.DecisionSessionYes, service.SourceSilent},
		{anApp + 1, true, "+44 1", -1, policy.DecisionYes, service.SourcePrompt},
		{aWildApp, true, "+49 1", -1, policy.DecisionYes, service.SourcePrompt},
	} {
		o, err := g.open(c.sid).Authorise(context.Background(), service.Query{Service: theService, Destination: c.dest, Passed: c.passed})
		if o.Decision != c.want || err != nil || o.Source != c.from || !o.Matched || o.Policy.Index != c.index || o.Policy.Default != (c.index < 0) {
			t.Errorf("%+v: %v from %v by policy %d, error %v", c, o.Decision, o.Source, o.Policy.Index, err)
		}
	}
}

// What the default policy is, as an evaluator and a dialog creator see it.
func (w world) defaultPolicyIsMarked(t *testing.T) {
	f := list()
	f.Header.PolicyEvaluator, f.Header.MajorVersion, f.Header.MinorVersion = theEvaluator, 7, 8
	g := w.newFixture(t, f)
	var seen service.Request
	g.evaluator.fingerprints = func(_ context.Context, r *service.Request) (service.Evaluation, error) {
		seen = *r
		return service.Evaluation{Fingerprints: []service.Fingerprint{{}}, Entity: "script", Data: []byte("data")}, nil
	}
	g.user.answers = func(s *shownDialog) (service.Choice, error) {
		if s.Entity != "script" || string(s.Data.([]byte)) != "data" || s.Forced || string(s.Opaque) != "opaque" {
			t.Errorf("the dialog creator got %+v", s.Prompt)
		}
		return service.Choice{Option: policy.Yes}, nil
	}
	d, err := decided(g.authorise(context.Background(), g.open(anApp), service.Query{Service: theService, Destination: "d", Passed: true, Opaque: []byte("opaque")}))
	p := seen.Policy
	if d != policy.DecisionYes || err != nil || !p.Default || p.Index != -1 || p.Major != 7 || p.Minor != 8 {
		t.Errorf("%v, error %v, policy %+v", d, err, p)
	}
	if q := p.Policy; q.Options != policy.Yes|policy.No || q.Flags != 0 || q.PolicyEvaluator != theEvaluator ||
		q.DialogCreator != theCreator || q.Destination.String() != "*" || q.SIDClasses != policy.AllSIDs {
		t.Errorf("the default policy is %+v", q)
	}
}
