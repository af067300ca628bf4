package panel

import (
	"fmt"
	"net/http"
	"time"

	"ups/policy"
	"ups/runtime/internal/printable"
	"ups/runtime/service"
)

// decisionsPage is what was decided.
type decisionsPage struct {
	page
	Source    string // the one that is shown; "" for all
	Sources   []sourceView
	Decisions []decisionView
}

// sourceView is a source of answers to choose.
type sourceView struct{ Value, Label string }

var sourceViews = []sourceView{
	{"", "all"},
	{service.SourcePrompt.String(), "a person"},
	{service.SourceStored.String(), "a stored answer"},
	{service.SourceSilent.String(), "a policy that doesn't ask"},
	{service.SourceCheck.String(), "the check of the server"},
	{service.SourceNone.String(), "failures"},
}

// decisionView is an answer to a request.
type decisionView struct {
	Answer, Client, Service, Server, Destination, Entity string
	Allows                                               bool
	Why, Policy, At, Took                                string
}

func (p *Panel) showDecisions(w http.ResponseWriter, r *http.Request) {
	page := &decisionsPage{page: p.page(r, "decisions", "Decisions"), Source: r.FormValue("source"), Sources: sourceViews}
	for _, o := range p.outcomes.list() {
		if page.Source == "" || page.Source == o.Source.String() {
			page.Decisions = append(page.Decisions, p.decisionView(&o))
		}
	}
	p.render(w, http.StatusOK, "decisions", page)
}

func (p *Panel) decisionView(o *outcome) decisionView {
	v := decisionView{
		Answer: answerOf(o.Decision), Allows: o.Decision.Allows(), Client: p.client(o.Client.SID), Server: p.server(o.Server),
		Service: p.service(o.Server, o.Query.Service), Destination: printable.Text(o.Destination),
		Why: why(o), Policy: whichPolicy(&o.Outcome), At: o.At.Format(time.DateTime), Took: took(o.Duration),
	}
	if o.Entity != "" {
		v.Entity = printable.Text(o.Entity)
	}
	return v
}

func answerOf(d policy.Decision) string {
	switch d {
	case policy.DecisionYes:
		return "Yes"
	case policy.DecisionSessionYes:
		return "Yes, for this session"
	case policy.DecisionSessionNo:
		return "No, for this session"
	}
	return "No"
}

// why says from where the answer came.
func why(o *outcome) string {
	switch o.Source {
	case service.SourceCheck:
		return "the system server's own check settles it, so that the service wasn't asked"
	case service.SourceSilent:
		return "the policy doesn't ask"
	case service.SourceStored:
		return fmt.Sprintf("an answer was stored, record %d", o.Record)
	case service.SourcePrompt:
		return whyAnswered(&o.Outcome)
	}
	if o.Err != nil {
		return "the request failed: " + printable.Text(o.Err.Error())
	}
	return "the request failed"
}

func whyAnswered(o *service.Outcome) string {
	text := "a person was asked and answered " + o.Choice.Words()
	switch why := o.Expired.Words(); {
	case why != "":
		text += ", although an answer was stored: " + why
	case o.Forced:
		text += ", although an answer was stored"
	}
	if o.Stored != 0 {
		text += fmt.Sprintf("; that is stored as record %d", o.Stored)
	}
	return text
}

// whichPolicy names the policy that decided; "" if none did.
func whichPolicy(o *service.Outcome) string {
	file := policy.Service{Server: o.Server, Service: o.Query.Service}.FileName(policy.CompiledExt)
	switch {
	case !o.Matched:
		return ""
	case o.Policy.Default:
		return fmt.Sprintf("the default policy, as none of %s matches", file)
	}
	return fmt.Sprintf("policy %d of %s, version %d.%d", o.Policy.Index+1, file, o.Policy.Major, o.Policy.Minor)
}

// took writes a duration for people.
func took(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return "under 1 ms"
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
