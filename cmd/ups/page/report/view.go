package report

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"

	"ups/cmd/ups/internal/changes"
	"ups/cmd/ups/page/model"
	"ups/cmd/ups/page/svg"
	"ups/compiler"
	"ups/internal/rsc"
	"ups/lint/analysis"
	"ups/lint/report"
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
	Compiled      template.HTML // base64; "" if it can't be compiled
	Many          bool          // too many policies to show their table at once
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
	for i := range l.Model.Rows {
		v.Rows = append(v.Rows, rowOf(l.Model, &l.Model.Rows[i]))
	}
	v.Facts = v.facts()
	return v, nil
}

// manyFindings are more than the page shows without being asked.
const manyFindings = 40

// FirstFindings are those that are shown at once.
func (v *listView) FirstFindings() []findingView {
	return v.Findings[:min(manyFindings, len(v.Findings))]
}

// MoreFindings are the others.
func (v *listView) MoreFindings() []findingView {
	return v.Findings[min(manyFindings, len(v.Findings)):]
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

// rowView is a row of the picture in words.
type rowView struct {
	model.Row
	Decides  []decides
	More     int    // that decide something too
	Shadowed string // policies
	Unasked  string // what becomes of the requests that the service isn't asked about
}

// decides is what part a policy decides of a row.
type decides struct {
	Policy *model.Policy
	Part   string
}

// maxDecides is how many policies a row of the table names.
const maxDecides = 24

func rowOf(m *model.List, row *model.Row) rowView {
	v := rowView{Row: *row}
	if effect, unasked := row.Unasked(); unasked {
		v.Unasked = map[model.Effect]string{model.Allow: "allowed", model.Deny: "denied"}[effect]
	}
	var shadowed []string
	for _, c := range row.Cells {
		switch {
		case c.Reach == model.Decides && len(v.Decides) == maxDecides:
			v.More++
		case c.Reach == model.Decides:
			v.Decides = append(v.Decides, decides{&m.Policies[c.Policy], svg.Percent(c.Requests, row.Requests)})
		case c.Reach == model.Shadowed:
			shadowed = append(shadowed, m.Policies[c.Policy].Name())
		}
	}
	if more := len(shadowed) - maxDecides; more > 1 {
		shadowed = append(shadowed[:maxDecides], fmt.Sprintf("%d more", more))
	}
	v.Shadowed = strings.Join(shadowed, ", ")
	return v
}

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
			pv.Covered = fmt.Sprint(v.Coverage.Hits[p.Number-1])
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

// findingView is what was found.
type findingView struct {
	List, Number            int
	Severity, Code, Message string
	Policy                  int
	Also                    []int
	Place                   string // of the source
	Text                    string // the lines of the source, as ups lint writes them
}

func (f *findingView) is(number int) bool {
	for _, n := range append([]int{f.Policy}, f.Also...) {
		if n == number && n > 0 {
			return true
		}
	}
	return false
}

func findingsOf(l *list, index int) ([]findingView, error) {
	texts := textsOf(l.input.Tree)
	var all []findingView
	for i, f := range l.Findings {
		var b bytes.Buffer
		if err := report.One(&b, f.Diagnostic, report.Options{Source: func(name string) []byte { return texts[name] }}); err != nil {
			return nil, err
		}
		_, lines, _ := strings.Cut(b.String(), "\n") // after the message
		v := findingView{
			List: index, Number: i + 1, Severity: f.Severity.String(), Code: f.Code, Message: report.Printable(f.Message), Policy: f.Policy, Also: f.Also, Text: lines,
		}
		if at := f.Span.Start; at.IsValid() {
			v.Place = report.Printable(fmt.Sprintf("%s:%d:%d", at.Filename, at.Line, at.Column))
		}
		all = append(all, v)
	}
	return all, nil
}

// changesView is what changes from another version.
type changesView struct {
	New        bool   // there is no other version
	Was        string // the other version's number
	Changes    []changeView
	Incomplete bool
}

// changeView is one change, in words.
type changeView struct {
	Title         string
	Regions       []regionView
	More          int // regions
	Before, After string
	Policies      []int // of this version that decide then
	Example       string
}

type regionView struct{ Who, To string }

// maxRegions is how many regions of a change are told.
const maxRegions = 8

func changesOf(l *list) *changesView {
	d := analysis.Diff(l.input.Against, l.input.File, analysis.Options{})
	v := &changesView{New: l.input.Against == nil, Incomplete: !d.Complete()}
	if !v.New {
		h := l.input.Against.HeaderOrZero()
		v.Was = fmt.Sprintf("%d.%d", h.MajorVersion, h.MinorVersion)
	}
	for i := range d.Changes {
		v.Changes = append(v.Changes, changeOf(&d.Changes[i]))
	}
	return v
}

func changeOf(c *analysis.Change) changeView {
	v := changeView{
		Title: changes.Title(c), Before: changes.Outcomes(c.Before), After: changes.Outcomes(c.After), Example: report.Printable(changes.Example(&c.Witness)),
	}
	for i := range c.Regions {
		if i == maxRegions {
			v.More = len(c.Regions) - i
			break
		}
		v.Regions = append(v.Regions, regionView{changes.Clients(c.Regions[i].Who), report.Printable(changes.Destinations(&c.Regions[i]))})
	}
	seen := map[int]bool{}
	for _, d := range c.Deciders {
		if d.New >= 0 && !seen[d.New] && len(v.Policies) < maxRegions {
			seen[d.New] = true
			v.Policies = append(v.Policies, d.New+1)
		}
	}
	return v
}
