package model

import (
	"fmt"

	"ups/lint/analysis"
	"ups/lint/report"
	"ups/policy"
)

// The words for results of the system server's check.
const (
	anyCheck = "passed or failed"
	passed   = "passed"
	failed   = "failed"
)

func version(h policy.Header) string { return fmt.Sprintf("%d.%d", h.MajorVersion, h.MinorVersion) }

// effectOf tells an outcome in a word, and the buttons of its prompt.
func effectOf(o analysis.Outcome) (effect Effect, offers string) {
	switch analysis.KindOf(o) {
	case analysis.Asks:
		return Ask, o.Options.Words()
	case analysis.Denies:
		return Deny, ""
	}
	return Allow, ""
}

func defaultPolicy(f *policy.File, a *analysis.Result) Policy {
	p := Policy{Destination: "*", Who: "all SIDs", Check: anyCheck, Reach: Shadowed}
	if a.GapsUndecided {
		p.Reach = Unproved
	}
	p.Effect, p.Offers = effectOf(analysis.DefaultOutcome(f))
	return p
}

func policyOf(f *policy.File, a *analysis.Result, i int) Policy {
	p := &f.Policies[i]
	at := p.Places.Whole.Span.Start
	out := Policy{
		Number: i + 1, Destination: shown(p.Destination), Who: analysis.SIDsOf(p).String(), Check: checkOf(p.Security),
		Reach: reachOf(a.Policies[i].Reach), File: at.Filename, Line: at.Line,
	}
	out.Effect, out.Offers = effectOf(a.Policies[i].Outcome)
	return out
}

func checkOf(s policy.Security) string {
	switch {
	case s.Holds(true) && s.Holds(false):
		return anyCheck
	case s.Holds(true):
		return passed
	case s.Holds(false):
		return failed
	}
	return "none"
}

func reachOf(r analysis.Reach) Reach {
	switch r {
	case analysis.Reachable:
		return Decides
	case analysis.Unreachable:
		return Shadowed
	case analysis.MatchesNothing:
		return Nothing
	case analysis.NeverAsked:
		return NeverAsked
	}
	return Unproved
}

// shown returns a text as it is shown: the empty one in quotes, and what doesn't
// print by its number.
func shown(t policy.Text) string {
	if len(t) == 0 {
		return `""`
	}
	return report.Printable(t.String())
}

// OneLine tells a policy in one line.
func (p *Policy) OneLine() string {
	s := fmt.Sprintf("%s · %s · %s", p.Name(), p.Destination, p.Who)
	if p.Check != anyCheck {
		s += " · check " + p.Check
	}
	return s + " · " + p.Does()
}

// Name is the number of a policy, or what the default policy is called.
func (p *Policy) Name() string {
	if p.Number == 0 {
		return "default"
	}
	return fmt.Sprint(p.Number)
}

// Does tells what becomes of the requests that a policy decides.
func (p *Policy) Does() string {
	switch p.Effect {
	case Allow:
		return "allows"
	case Deny:
		return "denies"
	}
	return "asks: " + p.Offers
}
