package analysis_test

import (
	"slices"
	"testing"

	"ups/internal/natures"
	"ups/lint/analysis"
	"ups/policy"
)

// natureLists are lists of all natures, each as long as fits a compiled file.
func natureLists(tb testing.TB) []benchList {
	var lists []benchList
	for _, nature := range natures.All() {
		lists = append(lists, benchList{nature.Name, longest(tb, nature.List)})
	}
	return lists
}

func BenchmarkNatures(b *testing.B) {
	for _, l := range natureLists(b) {
		b.Run(l.name, func(b *testing.B) {
			benchmarkAnalyse(b, l.f)
		})
	}
}

// TestNaturesAreDecided checks that nothing is undecided about lists of the kinds
// that people write, with the default budget.
func TestNaturesAreDecided(t *testing.T) {
	for _, l := range natureLists(t) {
		if n := undecided(analysis.Analyse(l.f, analysis.Options{})); n > 0 {
			t.Errorf("%s: %d of %d policies are not decided", l.name, n, len(l.f.Policies))
		}
	}
}

// TestEditsFarApartAreDecided compares full-size lists with versions that were
// edited at both ends, so that little is equal at either.
func TestEditsFarApartAreDecided(t *testing.T) {
	edits := map[string]func(list []policy.Policy) []policy.Policy{
		"swapped": func(list []policy.Policy) []policy.Policy {
			first, last := 0, len(list)-2
			list[first], list[last] = list[last], list[first]
			return list
		},
		"flags": func(list []policy.Policy) []policy.Policy {
			list[0].Flags, list[len(list)-2].Flags = 1, 1
			return list
		},
		"removed": func(list []policy.Policy) []policy.Policy {
			return slices.Delete(list[1:], len(list)-3, len(list)-2)
		},
	}
	for _, l := range natureLists(t) {
		for name, edit := range edits {
			after := *l.f
			after.Policies = edit(slices.Clone(l.f.Policies))
			if analysis.Compare(l.f, &after, analysis.Options{}).Changed == analysis.Unknown {
				t.Errorf("%s, %s: not decided", l.name, name)
			}
		}
	}
}
