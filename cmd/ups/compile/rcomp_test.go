package compile

import (
	"strings"
	"testing"

	"ups/cmd/ups/internal/flags"
)

// TestRcompFlagsAreReached checks the table: each flag is found by its own
// name, and does something, is refused, or is said to be without effect.
func TestRcompFlagsAreReached(t *testing.T) {
	for _, f := range rcompFlags {
		got, value, ok := findRcompFlag(f.name)
		if !ok || got.name != f.name || value != "" {
			t.Errorf("%s is read as %s with value %q", f.name, got.name, value)
		}
		idle := f.set == nil && f.refusal == "" && !strings.HasPrefix(f.name, "-{")
		if said := strings.Contains(f.about, "without effect") || strings.Contains(f.about, "as -force"); idle != said {
			t.Errorf("%s: %s", f.name, f.about)
		}
		if (f.refusal != "") != strings.HasPrefix(f.about, "refused: ") {
			t.Errorf("%s: %s", f.name, f.about)
		}
	}
}

func TestParseRcomp(t *testing.T) {
	tests := []struct {
		args string
		want rcompLine // color aside
		err  string
	}{
		{"-u -oa -hb -sc -id", rcompLine{unicode: true, output: "a", rsg: "b", source: "c"}, ""},
		{"-u -o a -h b -s c -i d", rcompLine{unicode: true, output: "a", rsg: "b", source: "c"}, ""},
		{"-s - -o - -u", rcompLine{unicode: true, output: "-", source: "-"}, ""},
		{"-u -v -f -force -p -sc", rcompLine{unicode: true, source: "c", parseOnly: true}, ""},
		{"-u -oforce -sc", rcompLine{unicode: true, output: "force", source: "c"}, ""},
		{"", rcompLine{}, "without -u"},
		{"-u", rcompLine{}, "no source"},
		{"-u -sc", rcompLine{}, "nothing to write"},
		{"-u -s", rcompLine{}, "-s needs a value"},
		{"-u -sc -oa -ux", rcompLine{}, `no argument "-ux"`},
		{"-u -sc -oa extra", rcompLine{}, `no argument "extra"`},
		{"-u -sc -oa -{0x1}", rcompLine{}, "want -{uid2,uid3}"},
		{"-u -sc -oa -{0x1,2}", rcompLine{}, "want 0x"},
		{"-u -sc -oa -{0x1,0x2", rcompLine{}, "want -{uid2,uid3}"},
		{"-u -sc -oa -lx", rcompLine{}, "localisers"},
		{"-u -sc -oa -n", rcompLine{}, "NAME"},
		{"-u -sc -oa --color=often", rcompLine{}, "want auto"},
	}
	for _, tt := range tests {
		color := flags.Choice{Of: []string{"auto", "never"}}
		got, err := parseRcomp(strings.Fields(tt.args), &color)
		if tt.err != "" {
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("%s: got %v, want %s", tt.args, err, tt.err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tt.args, err)
			continue
		}
		tt.want.color = &color
		if *got != tt.want {
			t.Errorf("%s: got %+v, want %+v", tt.args, *got, tt.want)
		}
	}
}
