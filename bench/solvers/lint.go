package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"ups/internal/natures"
	"ups/internal/rsc"
	"ups/lint/analysis"
	"ups/policy"
)

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
	slices.SortFunc(all, func(a, b *answers) int { return cmp.Compare(a.wall, b.wall) })
	return all[len(all)/2], nil
}

// reach returns what the analysis below lint answers.
func reach(f *policy.File) []answer {
	var list []answer
	for _, r := range analysis.Analyse(f, analysis.Options{}).Policies {
		switch r.Reach {
		case analysis.Reachable:
			list = append(list, reachable)
		case analysis.Unreachable:
			list = append(list, unreachable)
		case analysis.Undecided:
			list = append(list, unknown)
		default: // nothing is claimed of irregular patterns
			list = append(list, none)
		}
	}
	return list
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
		undecided := len(slices.DeleteFunc(reach(f), func(a answer) bool { return a != unknown }))
		fmt.Printf("| %s | %d | %d | %.2f s | %.2f s | %d MB | %s | %s, %.2f s |\n", nature.Name, len(f.Policies), undecided,
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
