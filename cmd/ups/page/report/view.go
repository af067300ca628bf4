package report

import (
	"encoding/base64"
	"fmt"
	"html/template"
	"slices"

	"ups/cmd/ups/page/model"
	"ups/cmd/ups/page/svg"
	"ups/compiler"
	"ups/internal/rsc"
)

// listView is what the page shows of one list.
type listView struct {
	*list
	Index         int
	Picture       template.HTML
	Description   string
	Authorisation string // what it means
	Facts         []fact
	Rows          []rowView
	Policies      []policyView
	Findings      []findingView
	Changes       *changesView
	Compiled      template.HTML  // base64; "" if it can't be compiled
	Asked         *model.Request // that the request box begins with; nil if no policy decides any
	Many          bool           // too many policies to show their table at once
}

// manyPolicies are more than a table shows without being asked.
const manyPolicies = 60

// fact is a figure in the head of a list.
type fact struct {
	Value, Name, Class string
	Column             string // what a column of such figures is called
}

// counted is a fact that is a number.
func counted(n int, one, many string) fact {
	name := many
	if n == 1 {
		name = one
	}
	return fact{svg.Thousands(n), name, "", many}
}

func viewOf(i int, l *list) (*listView, error) {
	v := &listView{
		list: l, Index: i, Description: svg.Describe(l.Model), Many: len(l.Model.Policies) > manyPolicies,
		Picture:       template.HTML(svg.Draw(l.Model, svg.Options{Title: l.Title, ID: fmt.Sprintf("l%d", i), Interactive: true})),
		Authorisation: compiler.Constant(l.Model.Authorisation),
	}
	if b, err := rsc.Encode(l.input.File); err == nil {
		v.Compiled = template.HTML(base64.StdEncoding.EncodeToString(b))
	}
	var err error
	if v.Findings, err = findingsOf(l, i); err != nil {
		return nil, err
	}
	if l.compared {
		v.Changes = changesOf(l)
	}
	v.Policies = v.policies()
	v.Asked = lastDecided(l.Model)
	for i := range l.Model.Rows {
		v.Rows = append(v.Rows, rowOf(l.Model, &l.Model.Rows[i]))
	}
	v.Facts = v.facts()
	return v, nil
}

// lastDecided returns an example of the last policy that decides any request: it has
// the most that stand before it to tell about.
func lastDecided(l *model.List) *model.Request {
	for _, p := range slices.Backward(l.Policies[1:]) {
		if p.Example != nil {
			return p.Example
		}
	}
	return nil
}

// facts are the figures in the head of a list.
func (v *listView) facts() []fact {
	m := v.Model
	effects, shadowed := map[model.Effect]int{}, 0
	for _, p := range m.Policies {
		effects[p.Effect] += p.Requests
		if p.Number > 0 && p.Reach == model.Shadowed {
			shadowed++
		}
	}
	facts := []fact{counted(len(m.Policies)-1, "policy", "policies")}
	for _, e := range []struct {
		effect model.Effect
		name   string
	}{{model.Allow, "allowed"}, {model.Ask, "asked about"}, {model.Deny, "denied"}} {
		facts = append(facts, fact{svg.Percent(effects[e.effect], m.Sample.Requests), e.name, string(e.effect), e.name})
	}
	facts = append(facts, counted(shadowed, "shadowed", "shadowed"), counted(len(v.Findings), "finding", "findings"))
	if v.Coverage != nil {
		const hit = "hit by scenarios"
		facts = append(facts, fact{fmt.Sprintf("%d of %d", v.Coverage.Hit, len(v.Coverage.Hits)), hit, "", hit})
	}
	if v.Changes != nil {
		facts = append(facts, counted(len(v.Changes.Changes), "change", "changes"))
	}
	if v.Stored != nil {
		facts = append(facts, counted(v.Stored.Total, "stored answer", "stored answers"))
	}
	return facts
}
