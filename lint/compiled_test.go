package lint_test

import (
	"strings"
	"testing"

	"ups/diag"
	"ups/lint"
)

// textOnly are the rules about what a compiled file doesn't hold any more.
var textOnly = map[string]bool{
	"enum-foreign": true, "field-twice": true, "uid-twice": true, "or-precedence": true, "leading-zero": true,
	"charset-missing": true, "semicolon-unneeded": true, "macro-redefined": true, "warning-directive": true,
	"id-digits": true, "ignore-reason": true, "ignore-unused": true, "ignore-unknown": true,
}

// TestCompiled shows that a compiled file gets the findings of its source,
// with the numbers of policies for places.
func TestCompiled(t *testing.T) {
	for _, r := range lint.Rules() {
		if textOnly[r.ID] {
			continue
		}
		t.Run(r.ID, func(t *testing.T) {
			sources := inputs(unpack(r.Bad))
			var files []*lint.Input
			for _, in := range sources {
				c := compiled(t, in)
				c.Against = in.Against
				files = append(files, c)
			}
			want, got := of(r.ID, runAll(sources, everything)), of(r.ID, runAll(files, everything))
			if len(want) != len(got) {
				t.Fatalf("%d in the source, %d in the compiled file", len(want), len(got))
			}
			for i, f := range got {
				if f.Policy != want[i].Policy || f.Span.IsValid() || !strings.HasSuffix(f.Path, ".rsc") {
					t.Errorf("got %+v, want the place of %+v", f, want[i])
				}
				if f.Policy > 0 && !strings.HasPrefix(f.Message, lint.PolicyName(f.Policy)+": ") {
					t.Errorf("the policy isn't named: %s", f.Message)
				}
			}
		})
	}
}

// TestSourceWithErrors shows that what the compiler says gets through, and
// that no rule is run without a list.
func TestSourceWithErrors(t *testing.T) {
	fs := lint.Run(input(file{"a.rss", []byte(list("", "POLICY { flags = 010; options = KYse; }"))}), everything)
	var codes []string
	for _, f := range fs {
		codes = append(codes, f.Code+" "+f.Severity.String())
	}
	if got := strings.Join(codes, ", "); got != "leading-zero warning, constant-unknown error" {
		t.Errorf("got %s", got)
	}
	nothing := &lint.Input{Path: "x.rsc", Diagnostics: []diag.Diagnostic{{Code: "rsc-invalid", Severity: diag.Error, Message: "no"}}}
	if fs := lint.Run(nothing, everything); len(fs) != 1 || fs[0].Span.Start.Filename != "x.rsc" {
		t.Errorf("got %+v", fs)
	}
}
