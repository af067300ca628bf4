package settings

import (
	"testing"

	"ups/grammar"

	"github.com/google/go-cmp/cmp"
)

func TestDefineFlags(t *testing.T) {
	var got []grammar.Define
	d, u := define{list: &got}, define{list: &got, undef: true}
	for _, s := range []string{"A", "B=2", "C=", "_d=x=y"} {
		if err := d.Set(s); err != nil {
			t.Errorf("-D %s: %v", s, err)
		}
	}
	if err := u.Set("B"); err != nil {
		t.Error(err)
	}
	want := []grammar.Define{{Name: "A"}, {Name: "B", Value: "2"}, {Name: "C", Value: " "}, {Name: "_d", Value: "x=y"}, {Name: "B", Undef: true}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, s := range []string{"", "=1", "1A", "A B", "F(x)=x", "A=1\n#define B"} {
		if d.Set(s) == nil {
			t.Errorf("-D %q is taken", s)
		}
	}
	if u.Set("A=1") == nil {
		t.Error("-U A=1 is taken")
	}
}
