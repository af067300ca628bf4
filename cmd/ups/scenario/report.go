package scenario

import (
	"fmt"
	"io"
	"strings"

	"github.com/fatih/color"

	"ups/lint/report"
)

// Style says how results are written for people.
type Style struct {
	Verbose bool // list what passed, too
	Color   bool
}

// Text writes the result of one file for people: what failed, and, if it is
// verbose, what passed. It writes nothing of a file that can't be run.
func (s Style) Text(w io.Writer, r *Result) error {
	var b strings.Builder
	for i := range r.Scenarios {
		s.scenario(&b, &r.Scenarios[i])
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (s Style) scenario(b *strings.Builder, r *ScenarioResult) {
	name := report.Printable(fmt.Sprintf("%s:%d: %s", r.Pos.Filename, r.Pos.Line, r.Name))
	if r.Passed() {
		if s.Verbose {
			fmt.Fprintf(b, "%s   %s (%s)\n", s.paint("ok", color.FgGreen), name, count(r.Steps, "step"))
		}
		return
	}
	fmt.Fprintf(b, "%s %s\n", s.paint("FAIL", color.FgRed, color.Bold), name)
	for _, line := range r.Lines() {
		fmt.Fprintf(b, "    %s\n", report.Printable(line))
	}
}

// Lines returns what failed in a scenario: of each step its place, and below it
// what differed.
func (r *ScenarioResult) Lines() []string {
	var lines []string
	for _, f := range r.Failures {
		lines = append(lines, fmt.Sprintf("%s:%d: %s", f.Pos.Filename, f.Pos.Line, f.Step))
		for _, d := range f.Differences {
			lines = append(lines, fmt.Sprintf("    %s: got %s, want %s", d.What, d.Got, d.Want))
			for why := range strings.Lines(d.Why) {
				lines = append(lines, "        "+strings.TrimSuffix(why, "\n"))
			}
		}
	}
	for _, note := range r.Notes {
		lines = append(lines, "note: "+note)
	}
	return lines
}

func (s Style) paint(text string, attributes ...color.Attribute) string {
	return report.Painter(s.Color, attributes...)(text)
}

// count returns a number of things.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// Summary returns the last line: how much was run, and what became of it.
func Summary(results []*Result) string {
	scenarios, failed, unusable := 0, 0, 0
	for _, r := range results {
		scenarios += len(r.Scenarios)
		failed += r.Failed()
		if r.Err != nil {
			unusable++
		}
	}
	ran := fmt.Sprintf("%s in %s", count(scenarios, "scenario"), count(len(results), "file"))
	switch {
	case unusable > 0:
		return fmt.Sprintf("%s: %d passed, %d failed; %s could not be run", ran, scenarios-failed, failed, count(unusable, "file"))
	case failed > 0:
		return fmt.Sprintf("%s: %d passed, %d failed", ran, scenarios-failed, failed)
	case scenarios == 0:
		return ran + ": nothing was run"
	}
	return ran + ": all passed"
}

// CoverageText writes which policies were not hit.
func (s Style) CoverageText(w io.Writer, c Coverage) error {
	var b strings.Builder
	for _, f := range c.Files() {
		if hit := f.Hit(); hit < len(f.Policies) || s.Verbose {
			fmt.Fprintf(&b, "%s: %d of %s hit\n", report.Printable(f.Path), hit, policies(len(f.Policies)))
		}
		for i, p := range f.Policies {
			if p.Hits == 0 {
				fmt.Fprintf(&b, "    %s: policy %d is hit by no step\n", report.Printable(p.Pos.String()), i+1)
			}
		}
	}
	hit, total := c.Total()
	fmt.Fprintf(&b, "coverage: %d of %s hit, %.1f%%\n", hit, policies(total), c.Percent())
	_, err := io.WriteString(w, b.String())
	return err
}

// policies returns a number of policies.
func policies(n int) string {
	if n == 1 {
		return "1 policy"
	}
	return fmt.Sprintf("%d policies", n)
}
