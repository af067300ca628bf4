// Solvers measures ups lint on full-size lists of many natures, and asks which
// policies of shorter ones are unreachable, of ups lint and of the SMT solvers
// z3 and cvc5 (../README.md). It prints Markdown tables.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"ups/internal/natures"
	"ups/internal/rsc"
	"ups/lint/analysis"
	"ups/policy"
)

type options struct {
	limit   time.Duration
	rounds  int
	natures []string
	sizes   []int
	full    bool
	ups     string // the program
	dir     string // for lists
}

func main() {
	var o options
	flag.DurationVar(&o.limit, "limit", time.Minute, "time of the processor that a solver has for a list")
	flag.IntVar(&o.rounds, "rounds", 3, "times that ups lint is measured; the median is shown")
	of := flag.String("natures", "exact-numbers,prefixes-unsorted,domain-pairs,question-marks,keywords", "lists for the solvers")
	sizes := flag.String("sizes", "20,100,400", "numbers of policies")
	flag.BoolVar(&o.full, "full", true, "measure full-size lists too")
	flag.Parse()
	o.natures = strings.Split(*of, ",")
	for _, s := range strings.Split(*sizes, ",") {
		n, err := strconv.Atoi(s)
		if err != nil || n < 2 {
			fail(fmt.Errorf("-sizes: %q is no number of policies", s))
		}
		o.sizes = append(o.sizes, n)
	}
	fail(o.measure())
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "solvers:", err)
		os.Exit(1)
	}
}

func (o *options) measure() error {
	for _, s := range solvers {
		if _, err := exec.LookPath(s.name); err != nil {
			return fmt.Errorf("%s is not installed: on Debian, apt-get install z3 cvc5", s.name)
		}
	}
	var err error
	if o.dir, err = os.MkdirTemp("", "solvers"); err != nil {
		return err
	}
	defer os.RemoveAll(o.dir)
	o.ups = filepath.Join(o.dir, "ups")
	build := exec.Command("go", "build", "-o", o.ups, "./cmd/ups")
	build.Dir = ".."
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w: %s", err, out)
	}
	if o.full {
		if err := o.fullSize(); err != nil {
			return err
		}
	}
	return o.compare()
}

// lint runs the command on a list, and returns the median by time.
func (o *options) lint(f *policy.File, flags ...string) (*answers, error) {
	b, err := rsc.Encode(f)
	if err != nil {
		return nil, err
	}
	name := filepath.Join(o.dir, "ups_20020001_20020011.rsc")
	if err := os.WriteFile(name, b, 0o666); err != nil {
		return nil, err
	}
	var all []*answers
	for range max(o.rounds, 1) {
		a, _, err := run(o.limit, o.ups, append([]string{"lint", name}, flags...)...)
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	slices.SortFunc(all, func(a, b *answers) int { return int(a.wall - b.wall) })
	return all[len(all)/2], nil
}

// reach asks the analysis that lint is made of.
func reach(f *policy.File) []answer {
	var out []answer
	for _, r := range analysis.Analyse(f, analysis.Options{}).Policies {
		switch r.Reach {
		case analysis.Reachable:
			out = append(out, reachable)
		case analysis.Unreachable:
			out = append(out, unreachable)
		case analysis.Undecided:
			out = append(out, unknown)
		default: // nothing is claimed of irregular patterns
			out = append(out, none)
		}
	}
	return out
}

// fullSize prints what the command takes for the longest list of each nature.
func (o *options) fullSize() error {
	fmt.Println("| full-size list | policies | not decided | time | of processor | memory | text | JSON, all rules |")
	fmt.Println("|---|---|---|---|---|---|---|---|")
	for _, nature := range natures.All() {
		f, err := natures.Longest(nature.List)
		if err != nil {
			return fmt.Errorf("%s: %w", nature.Name, err)
		}
		text, err := o.lint(f)
		if err != nil {
			return err
		}
		json, err := o.lint(f, "--profile", "all", "--format", "json")
		if err != nil {
			return err
		}
		open := len(slices.DeleteFunc(reach(f), func(a answer) bool { return a != unknown }))
		fmt.Printf("| %s | %d | %d | %.2f s | %.2f s | %d MB | %s | %s, %.2f s |\n", nature.Name, len(f.Policies), open,
			text.wall.Seconds(), text.user.Seconds(), text.peak>>20, size(text.size), size(json.size), json.wall.Seconds())
	}
	fmt.Println()
	return nil
}

func size(n int) string {
	if n < 100_000 {
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

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
	ours.of = reach(f)
	dead := 0
	for _, one := range ours.of {
		if one == unreachable {
			dead++
		}
	}
	cells := []string{nature.Name, strconv.Itoa(n), strconv.Itoa(dead), ours.cell("")}
	for _, s := range solvers {
		best, how, err := o.best(s, f, ours.of)
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
		if err := agree(ours, a.of); err != nil {
			return nil, "", fmt.Errorf("%s, %s: %w", s.name, e.name, err)
		}
		if best == nil || a.decided() > best.decided() || a.decided() == best.decided() && a.user < best.user {
			best, how = a, e.name
		}
	}
	return best, how, nil
}

// agree holds that nobody says the contrary of the other.
func agree(ours, theirs []answer) error {
	for i, a := range theirs {
		if (a == reachable || a == unreachable) && a != ours[i] {
			return fmt.Errorf("policy %d: %c, where ups says %c", i+1, a, ours[i])
		}
	}
	return nil
}

// cell says how much of the processor's time answering took, and of how many
// policies there is no answer.
func (a *answers) cell(how string) string {
	s := fmt.Sprintf("%.2f s", a.user.Seconds())
	if a.end != "" {
		s += ", " + a.end
	}
	if open := len(a.of) - a.decided(); open > 0 {
		s += fmt.Sprintf(", %d open", open)
	}
	if how != "" {
		s += " (" + how + ")"
	}
	return s
}
