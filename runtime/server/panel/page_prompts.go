package panel

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"ups/policy"
	"ups/runtime/internal/printable"
	"ups/runtime/service"
)

// promptsPage is the first page.
type promptsPage struct {
	page
	promptsView
}

// promptsView is what changes on it by itself.
type promptsView struct {
	Open  []promptView
	Ended []endedView
	Queue int // requests that wait for their turn
}

// promptView is a prompt that is up.
type promptView struct {
	ID, Token               string
	Client, Service, Server string
	Destination, Whole      string // Whole is "" unless Destination was cut
	Entity                  string
	Forced                  bool
	Expired                 string // why the answer that was stored didn't answer
	Left                    int    // seconds; -1 if there is no limit
	Allow, Refuse           []button
	Prints                  []string // what a stored answer may be for, if there is a choice
}

// button is a choice that the policy offers.
type button struct{ Value, Label, Meaning string }

// endedView is a prompt that has ended.
type endedView struct{ Text, At string }

func (p *Panel) showPrompts(w http.ResponseWriter, r *http.Request) {
	page := &promptsPage{page: p.page(r, "prompts", "Prompts"), promptsView: p.promptsView(loginOf(r))}
	p.render(w, http.StatusOK, "prompts", page)
}

func (p *Panel) promptsView(l *login) promptsView {
	var v promptsView
	if s := p.opt.Service(); s != nil {
		v.Queue = s.Status().Waiting
	}
	open, ended := p.prompts.list()
	for _, q := range open {
		v.Open = append(v.Open, p.promptView(q, l))
	}
	for _, q := range ended[:min(len(ended), 5)] {
		v.Ended = append(v.Ended, endedView{p.endedText(q, l), clock(q.At)})
	}
	return v
}

func (p *Panel) promptView(q *prompt, l *login) promptView {
	v := promptView{
		ID: q.ID, Token: l.token, Client: p.client(q.Client.SID), Service: p.service(q.Server, q.Service), Server: p.server(q.Server),
		Destination: printable.Text(q.Destination), Forced: q.Forced, Expired: q.Expired.Words(), Left: -1,
	}
	if whole := printable.Whole(q.Destination); whole != v.Destination {
		v.Whole = whole
	}
	if q.Entity != "" {
		v.Entity = printable.Text(q.Entity)
	}
	if !q.Until.IsZero() {
		v.Left = max(0, int(q.Until.Sub(p.opt.Now()).Round(time.Second).Seconds()))
	}
	lasts, ages := false, p.ageing(q.Server, q.Service) != service.Ageing{}
	for _, c := range offered(q.Policy.Policy.Options) {
		b := button{c.Value, c.Label, meaning(q.Prompt, c, ages)}
		if c.Allows {
			v.Allow = append(v.Allow, b)
		} else {
			v.Refuse = append(v.Refuse, b)
		}
		lasts = lasts || c.Option&(policy.Always|policy.Never) != 0
	}
	if lasts && len(q.Fingerprints) > 1 {
		for _, f := range q.Fingerprints {
			v.Prints = append(v.Prints, forWhat(f))
		}
	}
	return v
}

// endedText says how a prompt has ended, to somebody.
func (p *Panel) endedText(q *prompt, l *login) string {
	about := fmt.Sprintf("%s asked for %s", p.client(q.Client.SID), printable.Text(q.Destination))
	return about + ": " + q.ending.text(l) + "."
}

// text says how a prompt has ended, to somebody.
func (e ending) text(l *login) string {
	if e.Answer == 0 {
		return e.Reason
	}
	who := "in another browser"
	if e.by == l.name {
		who = "by you"
	}
	return fmt.Sprintf("it was answered %s with %s", who, choiceOf(e.Answer).Label)
}

func clock(t time.Time) string { return t.Format(time.TimeOnly) }

// answerPrompt takes an answer.
func (p *Panel) answerPrompt(w http.ResponseWriter, r *http.Request) {
	l := loginOf(r)
	q := p.prompts.find(r.PathValue("id"))
	if q == nil {
		l.say(notice{Text: "That prompt is over.", Bad: true})
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	c, problem := chosen(q.Prompt, r)
	if problem != "" {
		p.fail(w, r, "prompts", http.StatusBadRequest, problem)
		return
	}
	if p.prompts.answer(q, c, ending{At: p.opt.Now(), Answer: c.Option, by: l.name}) {
		p.opt.Log.Info("prompt answered in the control panel", "login", l.name, "answer", c.Option.String())
		l.say(notice{Text: "Answered: " + choiceOf(c.Option).Label + "."})
	} else {
		l.say(notice{Text: "Your answer came too late: " + p.prompts.howEnded(q).text(l) + ".", Bad: true})
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// chosen reads an answer from a form, or says what is wrong with it. Only what the
// policy offers is an answer.
func chosen(q *service.Prompt, r *http.Request) (c service.Choice, problem string) {
	for _, o := range offered(q.Policy.Policy.Options) {
		if o.Value == r.PostFormValue("answer") {
			c.Option = o.Option
		}
	}
	if c.Option == 0 {
		return c, "The policy doesn't offer this answer."
	}
	if f := r.PostFormValue("fingerprint"); f != "" {
		n, err := strconv.Atoi(f)
		if err != nil || n < 0 || n >= len(q.Fingerprints) {
			return c, "The answer is for something that wasn't asked about."
		}
		c.Fingerprint = n
	}
	return c, ""
}
