package svg

import (
	"fmt"
	"strings"

	"ups/cmd/ups/page/model"
)

// Describe says in words what a picture shows.
func Describe(l *model.List) string {
	parts := partsOf(l)
	shadowed := 0
	for _, p := range l.Policies[1:] {
		if p.Reach == model.Shadowed {
			shadowed++
		}
	}
	var s strings.Builder
	fmt.Fprintf(&s, "%s, in %s.", counted(len(l.Policies)-1, "policy", "policies"), count(len(l.Rows), "row"))
	if l.Sample.Requests == 0 {
		s.WriteString(" The service is never asked.")
	} else {
		fmt.Fprintf(&s, " Of a sample of %s, %s are allowed without asking, %s are asked about, %s are denied without asking.",
			count(l.Sample.Requests, "request"), Percent(parts["allow"], l.Sample.Requests), Percent(parts["ask"], l.Sample.Requests), Percent(parts["deny"], l.Sample.Requests))
	}
	if shadowed > 0 {
		fmt.Fprintf(&s, " %s shadowed: earlier policies decide all that they match.", counted(shadowed, "policy is", "policies are"))
	}
	return s.String()
}

// partsOf returns how many requests of the sample come to each end.
func partsOf(l *model.List) map[string]int {
	parts := map[string]int{"allow": 0, "ask": 0, "deny": 0}
	for _, p := range l.Policies {
		parts[string(p.Effect)] += p.Requests
	}
	return parts
}
