package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ups/internal/natures"
	"ups/policy"
)

// compare prints what ups and the solvers take to say which policies are
// unreachable, and fails if they don't agree.
func (o *options) compare() error {
	for _, name := range o.natures {
		if !slices.ContainsFunc(natures.All(), func(n natures.Nature) bool { return n.Name == name }) {
			return fmt.Errorf("-natures: there is none called %q", name)
		}
	}
	fmt.Println("| list | policies | unreachable | ups lint | z3 | cvc5 |") // seconds are of the processor
	fmt.Println("|---|---|---|---|---|---|")
	for _, nature := range natures.All() {
		if !slices.Contains(o.natures, nature.Name) {
			continue
		}
		for _, n := range o.sizes {
			if err := o.row(nature, n); err != nil {
				return fmt.Errorf("%s, %d: %w", nature.Name, n, err)
			}
		}
	}
	return nil
}

func (o *options) row(nature natures.Nature, n int) error {
	f := nature.List(n)
	ours, err := o.lint(f)
	if err != nil {
		return err
	}
	ours.list = reach(f)
	cells := []string{nature.Name, strconv.Itoa(n), strconv.Itoa(ours.count(unreachable)), ours.cell("")}
	for _, s := range solvers {
		best, how, err := o.best(s, f, ours.list)
		if err != nil {
			return err
		}
		cells = append(cells, best.cell(how))
	}
	fmt.Println("|", strings.Join(cells, " | "), "|")
	return nil
}

// best returns a solver's answers by the encoding with which it answers more,
// or the same in less time.
func (o *options) best(s solver, f *policy.File, ours []answer) (best *answers, how string, err error) {
	for _, e := range s.encodings {
		a, err := s.solve(e.script(f), len(f.Policies), o.limit)
		if err != nil {
			return nil, "", err
		}
		if err := agree(ours, a.list); err != nil {
			return nil, "", fmt.Errorf("%s, %s: %w", s.name, e.name, err)
		}
		if best == nil || a.decided() > best.decided() || a.decided() == best.decided() && a.user < best.user {
			best, how = a, e.name
		}
	}
	return best, how, nil
}

// agree reports a policy that is reachable by one and unreachable by the other.
func agree(ours, theirs []answer) error {
	for i, a := range theirs {
		if (a == reachable || a == unreachable) && a != ours[i] {
			return fmt.Errorf("policy %d: %c, where ups says %c", i+1, a, ours[i])
		}
	}
	return nil
}

// cell is how much of the processor's time the answers took, and how many are
// missing.
func (a *answers) cell(how string) string {
	s := fmt.Sprintf("%.2f s", a.user.Seconds())
	if a.ended != "" {
		s += ", " + a.ended
	}
	if undecided := len(a.list) - a.decided(); undecided > 0 {
		s += fmt.Sprintf(", %d undecided", undecided)
	}
	if how != "" {
		s += " (" + how + ")"
	}
	return s
}
