package panel

import (
	"fmt"
	"strings"
	"time"

	"ups/runtime/decision"
	"ups/runtime/service"
)

// ageView is what a page says of the age of a stored answer, and of what limits it.
type ageView struct {
	Given   string // when; "" if that isn't known
	Until   string // when it answers for the last time; "" if that isn't limited
	Uses    string // how often it has answered; "" if that isn't counted
	Program bool   // whether it is for one version of the program alone
	Over    bool   // whether the next such request is asked about
}

// ageing returns what limits the stored answers of a service.
func (p *Panel) ageing(server, uid uint32) service.Ageing {
	if p.opt.Ageing == nil {
		return service.Ageing{}
	}
	return p.opt.Ageing(decision.Service{Server: server, Service: uid})
}

func (p *Panel) ageView(r *decision.Record) ageView {
	limits := p.ageing(r.Server, r.Service)
	v := ageView{Program: limits.Program, Over: limits.Program && r.Program == ""}
	given := time.Unix(r.Answered, 0)
	switch {
	case r.Answered != 0:
		v.Given = given.Format(time.DateTime)
		if limits.After > 0 {
			v.Until = given.Add(limits.After).Format(time.DateTime)
			v.Over = v.Over || !p.opt.Now().Before(given.Add(limits.After))
		}
	case limits.After > 0:
		v.Over = true
	}
	switch {
	case limits.Uses > 0:
		v.Uses = fmt.Sprintf("at most %d of %d", r.Uses, limits.Uses)
		v.Over = v.Over || r.Uses >= limits.Uses
	case r.Uses > 0:
		v.Uses = fmt.Sprintf("at most %d", r.Uses)
	}
	return v
}

// keptAge says when an answer ends whose result was changed, which leaves its age; ""
// if nothing limits it.
func (p *Panel) keptAge(r *decision.Record) string {
	limits, v := p.ageing(r.Server, r.Service), p.ageView(r)
	if v.Over {
		return " This didn't renew it: the next such request is asked again."
	}
	var ends []string
	if limits.After > 0 {
		ends = append(ends, "it answers until "+v.Until)
	}
	if limits.Uses > 0 {
		ends = append(ends, "it has answered "+v.Uses+" times")
	}
	if len(ends) == 0 {
		return ""
	}
	return " This didn't renew it: " + strings.Join(ends, ", and ") + "."
}
