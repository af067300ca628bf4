package report

import (
	"fmt"

	"ups/cmd/ups/page/model"
	"ups/cmd/ups/page/svg"
)

// policyView is a line of the table of policies.
type policyView struct {
	*model.Policy
	Share    string
	Covered  string // how many steps of scenarios hit it
	Answers  string // stored ones
	Before   string // the policies that decide what it matches too
	Findings []int  // places in the list of findings
	Example  string
}

// policies returns the lines in the order of the list, the default policy last if
// it decides anything.
func (v *listView) policies() []policyView {
	var all []policyView
	for i := range v.Model.Policies[1:] {
		all = append(all, v.policy(&v.Model.Policies[i+1]))
	}
	if p := &v.Model.Policies[0]; p.Reach == model.Decides {
		all = append(all, v.policy(p))
	}
	return all
}

func (v *listView) policy(p *model.Policy) policyView {
	out := policyView{Policy: p, Share: svg.Percent(p.Requests, v.Model.Sample.Requests), Before: numbers(byOf(p)), Example: example(p.Example)}
	if v.Coverage != nil && p.Number > 0 {
		if out.Covered = fmt.Sprint(v.Coverage.Hits[p.Number-1]); out.Covered == "0" {
			out.Covered = "not hit"
		}
	}
	if v.Stored != nil && p.Number > 0 {
		out.Answers = fmt.Sprint(v.Stored.OfPolicy[p.Number-1])
	}
	for i, f := range v.Findings {
		if f.is(p.Number) {
			out.Findings = append(out.Findings, i+1)
		}
	}
	return out
}

// example tells a request; "" if there is none.
func example(r *model.Request) string {
	if r == nil {
		return ""
	}
	check := "failed"
	if r.Passed {
		check = "passed"
	}
	return fmt.Sprintf("%s, SID 0x%08X, check %s", r.Destination, r.SID, check)
}
