package flags

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"ups/grammar"
)

func TestUIDFlag(t *testing.T) {
	tests := map[string]uint32{
		"0x101f7f1f": 0x101f7f1f, "0xFFFFFFFF": 0xffffffff, "0x1": 1,
		"": 0, "0x": 0, "0x0": 0, "10283695": 0, "101f7f1f": 0, "0X1": 0, "0x100000000": 0, "-0x1": 0, "0x-1": 0, "0x+1": 0, "0x1_0": 0,
	}
	for in, want := range tests {
		var u UID
		if err := u.Set(in); (err == nil) != (want != 0) || u.Value != want || u.Given != (want != 0) {
			t.Errorf("%q: %v, %v", in, u, err)
		}
	}
}

func TestDefineFlags(t *testing.T) {
	var got []grammar.Define
	d, u := Define{List: &got}, Define{List: &got, Undef: true}
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
