package analysis_test

import (
	"testing"

	"ups/lint/analysis"
	"ups/policy"
)

// TestCompareSaysWhatChanged shows which policy decides before and after.
func TestCompareSaysWhatChanged(t *testing.T) {
	old := list("a*", "*")
	for _, c := range []struct {
		name   string
		change func(f *policy.File)
		rom    bool
		want   analysis.Truth
		who    [2]int
	}{
		{"nothing", func(*policy.File) {}, false, analysis.No, [2]int{}},
		{"a policy more", func(f *policy.File) { f.Policies = append(list("b").Policies, f.Policies...) }, false, analysis.Yes, [2]int{1, 0}},
		{"a policy less", func(f *policy.File) { f.Policies = f.Policies[:1] }, false, analysis.Yes, [2]int{1, -1}},
		{"never asked", func(f *policy.File) { f.Header.AuthorisationPolicy = policy.NeverCheck }, false, analysis.Yes, [2]int{0, -1}},
		{"not asked from ROM", func(f *policy.File) { f.Header.AuthorisationPolicy = policy.CheckPostManufacture }, true, analysis.Yes, [2]int{0, -1}},
		{"minor version", func(f *policy.File) { f.Header.MinorVersion++ }, false, analysis.No, [2]int{}},
		{"creator of a prompt", func(f *policy.File) { f.Header.DialogCreator = 3 }, false, analysis.Yes, [2]int{0, 0}},
		{"another order of SIDs, same classes", func(f *policy.File) { f.Policies[0].SIDClasses |= 0xABCD0000 }, false, analysis.No, [2]int{}},
	} {
		f := list("a*", "*")
		c.change(f)
		got := analysis.Compare(old, f, analysis.Options{})
		if got.Changed != c.want || got.FromROM != c.rom || c.want == analysis.Yes && [2]int{got.OldDecider, got.NewDecider} != c.who {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}
