package panel

import (
	"net/url"
	"testing"
	"time"

	"ups/policy"
	"ups/runtime/decision"
	"ups/runtime/service"
)

// The age of an answer is shown as far as it is known, and whether it is over.
func TestAnswerAge(t *testing.T) {
	const over = ">asked again</span>"
	given := time.Date(2026, 11, 26, 5, 10, 19, 0, time.Local)
	shown := `<dt>Given</dt><dd><time>2026-11-26 05:10:19</time>`
	for _, c := range []struct {
		limits       service.Ageing
		age          decision.Age
		shown, hides []string
	}{
		{service.Ageing{}, decision.Age{}, nil, []string{"<dt>Given", "<dt>Until", "<dt>Uses", "<dt>While", over}},
		{service.Ageing{}, decision.Age{Answered: given.Unix()}, []string{shown}, []string{"<dt>Until", "<dt>Uses", over}},
		{service.Ageing{}, decision.Age{Uses: 3}, []string{"<dt>Uses</dt><dd>at most 3</dd>"}, []string{"<dt>Given", over}},
		{service.Ageing{After: 72 * time.Hour}, decision.Age{Answered: given.Unix()}, []string{shown, `<dt>Until</dt><dd><time>2026-11-29 05:10:19</time>`}, []string{over}},
		{service.Ageing{After: 48 * time.Hour}, decision.Age{Answered: given.Unix()}, []string{shown, `<dt>Until</dt><dd><time>2026-11-28 05:10:19</time>`, over}, nil},
		{service.Ageing{After: time.Hour}, decision.Age{}, []string{over}, []string{"<dt>Given", "<dt>Until"}},
		{service.Ageing{Uses: 4}, decision.Age{Uses: 3}, []string{"<dd>at most 3 of 4</dd>"}, []string{over}},
		{service.Ageing{Uses: 3}, decision.Age{Uses: 3}, []string{"<dd>at most 3 of 3</dd>", over}, nil},
		{service.Ageing{Program: true}, decision.Age{Program: "x"}, []string{"<dt>While</dt><dd>the application has the same program</dd>"}, []string{over}},
		{service.Ageing{Program: true}, decision.Age{}, []string{over}, nil},
		{service.Ageing{Program: true, After: 72 * time.Hour}, decision.Age{Answered: given.Unix()}, []string{over}, nil},
		{service.Ageing{After: time.Hour, Uses: 4}, decision.Age{Answered: given.Unix(), Uses: 3}, []string{over}, nil},
	} {
		g := newFixture(t, policy.AllOptions, false, func(o *Options) {
			o.Ageing = func(decision.Service) service.Ageing { return c.limits }
			o.Now = func() time.Time { return given.Add(48 * time.Hour) }
		})
		rec := decision.Record{Key: decision.Key{Client: 1, Server: theServer, Service: theService}, Age: c.age}
		if _, err := g.db.Store(t.Context(), rec); err != nil {
			t.Fatal(err)
		}
		_, body := g.loggedIn().get("/answers")
		shows(t, body, append(c.shown, "Record")...)
		hides(t, body, c.hides...)
	}
}

// Who changes an answer learns that this doesn't renew it, and when it ends.
func TestChangeKeepsAge(t *testing.T) {
	given := time.Date(2026, 11, 26, 5, 10, 19, 0, time.Local)
	for _, c := range []struct {
		limits service.Ageing
		want   string
	}{
		{service.Ageing{}, "record 1.</p>"},
		{service.Ageing{Program: true}, "record 1.</p>"},
		{service.Ageing{After: 72 * time.Hour}, "record 1. This didn't renew it: it answers until 2026-11-29 05:10:19.</p>"},
		{service.Ageing{Uses: 4}, "record 1. This didn't renew it: it has answered at most 3 of 4 times.</p>"},
		{service.Ageing{After: 72 * time.Hour, Uses: 4}, "it answers until 2026-11-29 05:10:19, and it has answered at most 3 of 4 times.</p>"},
		{service.Ageing{After: time.Hour}, "record 1. This didn't renew it: the next such request is asked again.</p>"},
	} {
		g := newFixture(t, policy.AllOptions, false, func(o *Options) {
			o.Ageing = func(decision.Service) service.Ageing { return c.limits }
			o.Now = func() time.Time { return given.Add(48 * time.Hour) }
		})
		rec := decision.Record{
			Key: decision.Key{Client: 1, Server: theServer, Service: theService},
			Age: decision.Age{Answered: given.Unix(), Uses: 3, Program: "x"},
		}
		if _, err := g.db.Store(t.Context(), rec); err != nil {
			t.Fatal(err)
		}
		_, body := g.loggedIn().post("/answers/1/change", url.Values{"result": {"always"}})
		shows(t, body, c.want)
	}
}

// Who is asked although an answer is stored learns why; and before, that an answer
// doesn't last.
func TestExpiredPrompt(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false, func(o *Options) {
		o.Ageing = func(decision.Service) service.Ageing { return service.Ageing{Uses: 1} }
	})
	b := g.loggedIn()
	done := g.request(t.Context(), "x")
	q := g.waits()
	_, body := b.get("/")
	shows(t, body, "Allows this request and, until you revoke it or it expires, every later one")
	hides(t, body, "You have answered this before")
	b.answer(q, "always")
	g.receive(done)
	if a := g.receive(g.request(t.Context(), "x")); a.Source != service.SourceStored {
		t.Fatal(a)
	}
	_, body = b.get("/answers")
	shows(t, body, "at most 1 of 1", "asked again")
	done = g.request(t.Context(), "x")
	q = g.waits()
	_, body = b.get("/")
	shows(t, body, "You have answered this before, and are asked again: that answer has answered as often as it may. The old answer is deleted, whatever you choose.")
	b.answer(q, "no")
	g.receive(done)
	_, body = b.get("/decisions")
	shows(t, body, "a person was asked and answered No, although an answer was stored: that answer has answered as often as it may")
}
