package lint

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ups/compiler"
)

// removed takes the nth policy out of a source.
func removed(t *testing.T, src string, number int) (after string, fix string) {
	t.Helper()
	in := sourceInput(t, src)
	fixes := in.removePolicy(number)
	if len(fixes) != 1 {
		t.Fatalf("%d fixes", len(fixes))
	}
	text, ok := apply([]byte(src), in.Path, fixes[0].Edits)
	if !ok {
		t.Fatal("the edits don't fit")
	}
	return string(text), fixes[0].Message
}

func sourceInput(t *testing.T, src string) *Input {
	t.Helper()
	r := compiler.Compile("a.rss", []byte(src), compiler.Options{})
	if r.File == nil {
		t.Fatal(r.Diagnostics)
	}
	in := &Input{Path: "a.rss", File: r.File, Tree: r.Tree}
	in.prepare(&Config{})
	return in
}

func TestRemovePolicy(t *testing.T) {
	tests := []struct {
		name, before, after string
		number              int
	}{
		{"only", "POLICY { }", "", 1},
		{"first", "POLICY { flags = 1; },\n\t\tPOLICY { }", "POLICY { }", 1},
		{"middle", "POLICY { },\n\t\tPOLICY { flags = 1; },\n\t\tPOLICY { flags = 2; }", "POLICY { },\n\t\tPOLICY { flags = 2; }", 2},
		{"last", "POLICY { },\n\t\tPOLICY { flags = 1; }", "POLICY { }", 2},
		{"on one line", "POLICY { }, POLICY { flags = 1; }, POLICY { flags = 2; }", "POLICY { },  POLICY { flags = 2; }", 2},
		{"several lines", "POLICY\n\t\t\t{\n\t\t\tflags = 1;\n\t\t\t},\n\t\tPOLICY { }", "POLICY { }", 1},
		{
			"its comments",
			"// kept: an empty line follows\n\n\t\t// its own,\n\t\t/* of two kinds */\n\t\tPOLICY { flags = 1; }, // its own too\n\t\tPOLICY { }",
			"// kept: an empty line follows\n\n\t\tPOLICY { }", 1,
		},
		{
			"comments of others",
			"POLICY { }, // of the first\n\t\t// of the second\n\t\tPOLICY { flags = 1; },\n\t\t// of the third\n\t\tPOLICY { flags = 2; }",
			"POLICY { }, // of the first\n\t\t// of the third\n\t\tPOLICY { flags = 2; }", 2,
		},
		{
			"last, with comments",
			"POLICY { }, // of the first\n\t\t// of the last\n\t\tPOLICY { flags = 1; } // of the last",
			"POLICY { } // of the first", 2,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, message := removed(t, example(tt.before), tt.number)
			want := strings.Replace(example(tt.after), "\t\t\n", "", 1)
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
			if !strings.Contains(message, "remove policy ") {
				t.Error(message)
			}
			if r := compiler.Compile("a.rss", []byte(got), compiler.Options{}); r.File == nil {
				t.Errorf("it doesn't compile: %v", r.Diagnostics)
			}
		})
	}
}

func TestRemovePolicyByHand(t *testing.T) {
	for _, src := range []string{
		"#define ALL POLICY { }\n" + example("ALL, POLICY { }"),
		"#define ALL(x) POLICY { flags = x; }\n" + example("ALL(1), POLICY { }"),
		"#define FIRST POLICY { },\n" + example("FIRST POLICY { }"),
		"#define END }\n" + example("POLICY { END, POLICY { }"),
		example("POLICY {\n#if 1\nflags = 1;\n#endif\n}, POLICY { }"),
	} {
		fixes := sourceInput(t, src).removePolicy(1)
		ok := len(fixes) == 1 && (len(fixes[0].Edits) == 0 || strings.Contains(src, "END"))
		if !ok {
			t.Errorf("got %+v for\n%s", fixes, src)
		}
	}
	if fixes := (&Input{}).removePolicy(1); fixes != nil {
		t.Errorf("got %+v without a source", fixes)
	}
}
