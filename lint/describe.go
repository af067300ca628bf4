package lint

import (
	"fmt"
	"strings"

	"ups/lint/analysis"
	"ups/policy"
)

// describe shows a request in a message.
func describe(r policy.Request) string {
	check := "check failed"
	if r.Passed {
		check = "check passed"
	}
	return fmt.Sprintf("SID 0x%08X, %s, destination %s", r.SID, check, quote(r.Destination))
}

// quote shows a destination in a message.
func quote(t policy.Text) string { return fmt.Sprintf("%q", t.String()) }

// shownNames is how many policies, or places, a text names at most.
const shownNames = 5

// policyNames names policies, given by place, by their numbers: "policy 1",
// "policies 1, 2 and 5", "policies 1, 2, 3, 4, 5 and 443 more".
func policyNames(places []int) string {
	var names []string
	for _, p := range places[:min(shownNames, len(places))] {
		names = append(names, fmt.Sprint(p+1))
	}
	if more := len(places) - shownNames; more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	return counted("policy", "policies", names)
}

func counted(one, many string, names []string) string {
	switch len(names) {
	case 0:
		return "no " + one
	case 1:
		return one + " " + names[0]
	}
	return many + " " + enumerated(names)
}

// enumerated joins names: "a", "a and b", "a, b and c".
func enumerated(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// decider names the policy that decides, by place; -1 is the default policy.
func decider(place int) string {
	if place < 0 {
		return "the default policy"
	}
	return policyNames([]int{place})
}

// numbers returns the numbers of policies that are given by place.
func numbers(places []int) []int {
	out := make([]int, len(places))
	for i, p := range places {
		out[i] = p + 1
	}
	return out
}

// withCulprits adds the policies that cause a finding, by place; where they are
// is shown of the first few.
func (p *Pass) withCulprits(f Finding, culprits []int, role string) Finding {
	f.Culprits = numbers(culprits)
	for _, n := range f.Culprits[:min(shownNames, len(culprits))] {
		f.Related = append(f.Related, p.related(n, "destination", fmt.Sprintf("policy %d %s", n, role))...)
	}
	return f
}

// shared describes what two policies have in common, as far as it can be said in words.
func (p *Pass) shared(c analysis.Conflict, later int) string {
	e, l := &p.File.Policies[c.By], &p.File.Policies[later]
	sids, security := analysis.SIDsOf(e).Common(analysis.SIDsOf(l)), l.Security
	if security == policy.PassedOrFailed {
		security = e.Security
	}
	parts := []string{sids.String()}
	switch security {
	case policy.Passed:
		parts = append(parts, "check passed")
	case policy.Failed:
		parts = append(parts, "check failed")
	}
	switch c.Destinations {
	case analysis.Same, analysis.Wider:
		parts = append(parts, "destinations "+quote(l.Destination))
	case analysis.Narrower:
		parts = append(parts, "destinations "+quote(e.Destination))
	default:
		parts = append(parts, "destinations of both "+quote(e.Destination)+" and "+quote(l.Destination))
	}
	return strings.Join(parts, ", ")
}

// decided says which policy decides a request that policy place matches too, and
// what comes of it; name is how the sentence calls that policy.
func (p *Pass) decided(d analysis.Decided, place int, name string) string {
	own, other := p.Analysis().Policies[place].Outcome, p.Analysis().Policies[d.By].Outcome
	return fmt.Sprintf("%s is decided by %s with %s, where %s has %s",
		describe(d.Request), decider(d.By), other.Unlike(own), name, own.Unlike(other))
}

// verb returns a verb in the form that goes with so many policies.
func verb(culprits []int, one, many string) string {
	if len(culprits) == 1 {
		return one
	}
	return many
}
