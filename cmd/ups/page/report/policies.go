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

func (v *listView) policies() []policyView {
	var all []policyView
	for i := range v.Model.Policies {
		p := &v.Model.Policies[i]
		if p.Number == 0 && p.Reach != model.Decides {
			continue
		}
		pv := policyView{Policy: p, Share: svg.Percent(p.Requests, v.Model.Sample.Requests), Before: numbers(byOf(p))}
		if v.Coverage != nil && p.Number > 0 {
			if pv.Covered = fmt.Sprint(v.Coverage.Hits[p.Number-1]); pv.Covered == "0" {
				pv.Covered = "not hit"
			}
		}
		if v.Stored != nil && p.Number > 0 {
			pv.Answers = fmt.Sprint(v.Stored.OfPolicy[p.Number-1])
		}
		if e := p.Example; e != nil {
			pv.Example = fmt.Sprintf("%s, SID 0x%08X, check %s", e.Destination, e.SID, map[bool]string{true: "passed", false: "failed"}[e.Passed])
		}
		for k, f := range v.Findings {
			if f.is(p.Number) {
				pv.Findings = append(pv.Findings, k+1)
			}
		}
		all = append(all, pv)
	}
	if len(all) > 0 && all[0].Number == 0 {
		all = append(all[1:], all[0])
	}
	return all
}
