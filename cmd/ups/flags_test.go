package main

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
		var u uid
		if err := u.Set(in); (err == nil) != (want != 0) || u.value != want || u.given != (want != 0) {
			t.Errorf("%q: %v, %v", in, u, err)
		}
	}
}

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

func TestIDsOf(t *testing.T) {
	tests := map[string]bool{
		"ups_101f7f1f_1000a00a.rss": true, "a/UPS_101F7F1F_1000A00A.RSS": true, "ups_101f7f1f_1000a00a.rpp": true,
		"ups_101f7f1f_1000a00a": false, "ups_101f7f1f_1000a00a.rsc": false, "ups_101f7f1f.rss": false,
		"ups_101f7f1f_1000a00.rss": false, "ups_101f7f1f_1000a00ab.rss": false, "ups_101f7f1g_1000a00a.rss": false,
		"ups_101f7f1f_1000a00a_1.rss": false, "ups_+01f7f1f_1000a00a.rss": false, "payments.rss": false, "-": false,
	}
	for name, want := range tests {
		server, service, ok := idsOf(name)
		if ok != want || ok && (server != 0x101f7f1f || service != 0x1000a00a) {
			t.Errorf("%s: %x, %x, %v", name, server, service, ok)
		}
	}
	if got := compiledName(0x101F7F1F, 0xA); got != "ups_101f7f1f_0000000a.rsc" {
		t.Error(got)
	}
}

func TestMakeRules(t *testing.T) {
	got, err := makeRules([]dependency{
		{"out dir/a.rsc", []string{"a.rss", "b#1.rh", "c$d.rh", `e\f.rh`, `g\ h.rh`}},
		{"b.rsc", nil},
	})
	want := "out\\ dir/a.rsc: \\\n  a.rss \\\n  b\\#1.rh \\\n  c$$d.rh \\\n  e\\f.rh \\\n  g\\\\\\ h.rh\nb.rsc:\n" +
		"\nb\\#1.rh:\n\nc$$d.rh:\n\ne\\f.rh:\n\ng\\\\\\ h.rh:\n"
	if err != nil || string(got) != want {
		t.Errorf("got %q, %v\nwant %q", got, err, want)
	}
	if _, err := makeRules([]dependency{{"a", []string{"b\nc"}}}); err == nil {
		t.Error("a name with a line end is taken")
	}
}
