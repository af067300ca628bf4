package panel

import (
	"context"
	"errors"
	"testing"
	"time"

	"ups/policy"
	"ups/runtime"
	"ups/runtime/service"
)

func TestDecisions(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	b := g.loggedIn()
	_, body := b.get("/decisions")
	shows(t, body, "Nothing was decided yet.")
	done := g.request(t.Context(), "first")
	b.answer(g.waits(), "always")
	g.receive(done)
	g.receive(g.request(t.Context(), "second"))
	_, body = b.get("/decisions")
	shows(t, body, `"first"`, "a person was asked and answered Always; that is stored as record 1",
		"policy 1 of ups_10204040_0000002b.rsc, version 0.0", `"second"`, "an answer was stored, record 1", "0x80000001")
	_, body = b.get("/decisions?source=stored")
	shows(t, body, `"second"`)
	hides(t, body, `"first"`)
	_, body = b.get("/decisions?source=check")
	shows(t, body, "Nothing was decided like this yet.")
}

// For whom somebody asked is said everywhere, if the policy evaluator says it.
func TestEntity(t *testing.T) {
	g := newFixture(t, policy.AllOptions, true)
	b := g.loggedIn()
	for _, entity := range []string{"", "somebody"} {
		sub, err := g.session.Open(service.Client{SID: theApp, Drive: 'C'})
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan answered, 1)
		go func() {
			o, err := sub.Authorise(t.Context(), service.Query{Service: theService, Destination: "x", Opaque: []byte(entity)})
			done <- answered{o, err}
		}()
		q := g.waits()
		says := hides
		if entity != "" {
			says = shows
		}
		_, body := b.get("/")
		says(t, body, "on behalf of")
		b.answer(q, "always")
		g.receive(done)
		_, body = b.get("/answers")
		shows(t, body, "evaluator 0x20000001")
		says(t, body, "On behalf of", `"somebody"`)
		_, body = b.get("/decisions")
		says(t, body, "n behalf of", `"somebody"`)
	}
}

func TestWhy(t *testing.T) {
	for want, o := range map[string]outcome{
		"the system server's own check settles it, so that the service wasn't asked": {Outcome: service.Outcome{Source: service.SourceCheck}},
		"the policy doesn't ask":             {Outcome: service.Outcome{Source: service.SourceSilent}},
		"the request failed":                 {},
		`the request failed: "x\u{202e}"`:    {Err: errors.New("x\u202e")},
		"a person was asked and answered No": {Outcome: service.Outcome{Source: service.SourcePrompt, Choice: policy.No}},
	} {
		if got := why(&o); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	o := service.Outcome{Matched: true}
	o.Policy = runtime.Decisive{Index: -1, Default: true}
	if got := whichPolicy(&o); got != "the default policy, as none of ups_00000000_00000000.rsc matches" {
		t.Error(got)
	}
	o.Matched = false
	if got := whichPolicy(&o); got != "" {
		t.Error(got)
	}
}

// A source that answers much doesn't push out the others, and what a request
// carries isn't kept.
func TestOutcomesAreBounded(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	asked := service.Outcome{Source: service.SourcePrompt}
	asked.Opaque, asked.Client.ProcessGone = []byte("x"), func() bool { return false }
	g.panel.OnOutcome(context.Background(), asked, nil)
	for i := range 3 * outcomesKept {
		g.panel.OnOutcome(context.Background(), service.Outcome{Source: service.SourceSilent, Record: uint64(i)}, nil)
	}
	all := g.panel.outcomes.list()
	if len(all) != outcomesKept+1 || all[0].Record != 3*outcomesKept-1 || all[outcomesKept-1].Record != 2*outcomesKept {
		t.Fatal(len(all), all[0].Record)
	}
	if last := all[outcomesKept]; last.Source != service.SourcePrompt || last.Opaque != nil || last.Client.ProcessGone != nil {
		t.Error(last)
	}
}

func TestWords(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "under 1 ms", time.Millisecond: "1 ms", 1500 * time.Millisecond: "1.5 s"} {
		if got := took(d); got != want {
			t.Error(got)
		}
	}
	for d, want := range map[policy.Decision]string{
		policy.DecisionNo: "No", policy.DecisionYes: "Yes", policy.DecisionSessionNo: "No, for this session", policy.DecisionSessionYes: "Yes, for this session",
	} {
		if got := answerOf(d); got != want {
			t.Error(got)
		}
	}
}
