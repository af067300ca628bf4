package report

import (
	"fmt"

	"ups/cmd/ups/internal/changes"
	"ups/lint/analysis"
	"ups/lint/report"
)

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
