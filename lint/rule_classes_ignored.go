package lint

import (
	"ups/policy"
)

var classesIgnoredRule = &Rule{
	ID:       "classes-ignored",
	Name:     "sid_classes beside sid_list",
	Category: Suspicion,
	Fixable:  true,
	Summary:  "A policy gives sid_classes beside a sid_list, where they are ignored.",
	Rationale: `A sid_list that isn't empty stands in for the classes: the policy is for the listed SIDs and no
others, and for all of those whatever their class (docs/service.md, Matching).`,
	Bad:  example(`POLICY { sid_classes = KProtectedSids; sid_list = {0x20010001}; options = KYes|KNo; }`),
	Good: example(`POLICY { sid_list = {0x20010001}; options = KYes|KNo; }`),
	Run:  runClassesIgnored,
}

func runClassesIgnored(p *Pass) {
	for i, pol := range p.File.Policies {
		given := pol.Places.Has("sid_classes")
		if p.Tree == nil { // the default can't be told from a value that was given
			given = pol.SIDClasses&policy.AllSIDs != policy.AllSIDs
		}
		if given && len(pol.SIDs) > 0 {
			f := p.finding(i+1, "sid_classes", "sid_classes are ignored where there is a sid_list", "remove one of the two")
			f.Related = p.related(i+1, "sid_list", "the list that stands in for them")
			f.Fixes = p.removeFields(i+1, "sid_classes")
			p.Report(f)
		}
	}
}
