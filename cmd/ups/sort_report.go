package main

import (
	"fmt"
	"slices"
	"strings"

	"ups/lint"
	"ups/lint/report"
	"ups/policy"
)

// sortReport says what became of sorting a list.
type sortReport struct {
	in     *lint.Input
	sorted *lint.Sorted
	path   string
}

// before returns the source as it was.
func (r *sortReport) before() []byte { return r.in.Tree.Sources[0].Text }

// open reports whether something is left for a person to do.
func (r *sortReport) open() bool {
	return len(r.sorted.Stuck) > 0 || len(r.sorted.Undecided) > 0 || r.sorted.Refused != ""
}

// moves says what moves, or did.
func (r *sortReport) moves(written bool) string {
	moved := r.sorted.Moved()
	var b strings.Builder
	switch {
	case r.sorted.Refused != "":
		fmt.Fprintf(&b, "%s: nothing is changed: %s\n", report.Printable(r.path), r.sorted.Refused)
	case len(moved) == 0 && !r.open():
		fmt.Fprintf(&b, "%s: in order\n", report.Printable(r.path))
	case len(moved) > 0:
		verb := map[bool]string{false: "would move", true: "moved"}[written]
		fmt.Fprintf(&b, "%s: %s %s; every decision is proved to be the same, for regular destinations\n",
			report.Printable(r.path), countOf(len(moved), "policy", "policies"), verb)
	}
	for _, line := range r.destinations(moved) {
		fmt.Fprintf(&b, "  %s\n", line)
	}
	return b.String()
}

// destinations says where policies go.
func (r *sortReport) destinations(moved []int) []string {
	var lines []string
	last, to := len(moved)-1, " goes to the end"
	for _, p := range slices.Backward(r.sorted.Places) {
		if last >= 0 && p == moved[last] {
			lines = append(lines, r.name(r.in.File, p)+to)
			last--
		} else {
			to = " goes before " + r.name(r.in.File, p)
		}
	}
	slices.Reverse(lines)
	return lines
}

// name names a policy by its number and place in a list.
func (r *sortReport) name(f *policy.File, p int) string {
	policy := &f.Policies[p]
	where := ""
	if at := policy.Places.Whole.Span; at.IsValid() {
		where = fmt.Sprintf(", line %d", at.Start.Line)
		if at.Start.Filename != r.path {
			where = ", " + at.Start.String()
		}
	}
	return report.Printable(fmt.Sprintf("policy %d (%q%s)", p+1, policy.Destination.String(), where))
}

// left says what a person has to decide: of the source as it is, or as it was
// written.
func (r *sortReport) left(s *lint.Sorted, f *policy.File) string {
	var b strings.Builder
	if n := len(s.Stuck); n > 0 {
		verb := map[bool]string{true: "stands", false: "stand"}[n == 1]
		fmt.Fprintf(&b, "%s: %s %s after a more general one\n", report.Printable(r.path), countOf(n, "policy", "policies"), verb)
	}
	for _, stuck := range s.Stuck {
		last := stuck.General[len(stuck.General)-1]
		fmt.Fprintf(&b, "  %s stands after %s%s\n", r.name(f, stuck.Policy), r.name(f, last), others(len(stuck.General)-1))
		for _, line := range s.Why(stuck) {
			fmt.Fprintf(&b, "    %s\n", report.Printable(line))
		}
	}
	if len(s.Undecided) > 0 {
		fmt.Fprintf(&b, "%s: not decided, and so not moved: whether a more general one stands before\n", report.Printable(r.path))
	}
	for _, p := range s.Undecided {
		fmt.Fprintf(&b, "  %s\n", r.name(f, p))
	}
	return b.String()
}

func others(n int) string {
	if n == 0 {
		return ""
	}
	return ", and " + countOf(n, "more", "more")
}

func countOf(n int, one, many string) string {
	if n == 1 {
		many = one
	}
	return fmt.Sprintf("%d %s", n, many)
}
