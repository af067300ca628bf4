package main

import (
	"strings"
	"testing"

	"ups/policy"
)

func TestDestination(t *testing.T) {
	for _, tt := range []struct{ pattern, expression, predicate string }{
		{"*", "true", "true"},
		{"", `(= d "")`, `(= d "")`},
		{`a"b`, `(= d "a""b")`, `(= d "a""b")`},
		{"ab*", `(str.in_re d (re.++ (str.to_re "ab") re.all))`, `(str.prefixof "ab" d)`},
		{"*ab", `(str.in_re d (re.++ re.all (str.to_re "ab")))`, `(str.suffixof "ab" d)`},
		{"*ab*", `(str.in_re d (re.++ re.all (str.to_re "ab") re.all))`, `(str.contains d "ab")`},
		{"?", "(str.in_re d re.allchar)", "(str.in_re d re.allchar)"},
		{"a?*", `(str.in_re d (re.++ (str.to_re "a") re.allchar re.all))`, `(str.in_re d (re.++ (str.to_re "a") re.allchar re.all))`},
		{"a*b", `(str.in_re d (re.++ (str.to_re "a") re.all (str.to_re "b")))`, `(str.in_re d (re.++ (str.to_re "a") re.all (str.to_re "b")))`},
	} {
		if got := expression(tt.pattern); got != tt.expression {
			t.Errorf("%q as an expression: %s, want %s", tt.pattern, got, tt.expression)
		}
		if got := predicate(tt.pattern); got != tt.predicate {
			t.Errorf("%q as a predicate: %s, want %s", tt.pattern, got, tt.predicate)
		}
	}
}

func TestScript(t *testing.T) {
	f := &policy.File{Policies: []policy.Policy{
		{SIDs: []uint32{1, 2}, SIDClasses: policy.AllSIDs, Security: policy.Passed, Destination: policy.NewText("AB")},
		{SIDClasses: 0x8001, Security: policy.Failed, Destination: policy.NewText("*")},
		{SIDClasses: policy.AllSIDs, Destination: policy.NewText("*")},
	}}
	const first = `(and (or false (= sid #x00000001) (= sid #x00000002)) passed (= d "ab"))`
	const second = "(and (or false (= ((_ extract 31 28) sid) #x0) (= ((_ extract 31 28) sid) #xf)) (not passed))"
	for _, tt := range []struct {
		encoding
		want []string
	}{
		{predicates, []string{
			"(push 1)", "(assert " + first + ")", "(check-sat)", "(pop 1)", "(assert (not " + first + "))",
			"(push 1)", "(assert " + second + ")", "(check-sat)", "(pop 1)", "(assert (not " + second + "))",
			"(push 1)", "(assert true)", "(check-sat)", "(pop 1)", "(assert (not true))",
		}},
		{anew, []string{
			"(assert " + first + ")", "(check-sat)", "(reset)",
			"(assert (not " + first + "))", "(assert " + second + ")", "(check-sat)", "(reset)",
			"(assert (not " + first + "))", "(assert (not " + second + "))", "(assert true)", "(check-sat)", "(reset)",
		}},
	} {
		var got []string
		for line := range strings.Lines(tt.script(f)) {
			if !strings.HasPrefix(line, "(declare") && !strings.HasPrefix(line, "(set-logic") {
				got = append(got, strings.TrimSpace(line))
			}
		}
		if strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
		}
	}
}

func TestAgree(t *testing.T) {
	ours := []answer{reachable, unreachable, reachable}
	for theirs, want := range map[string]bool{"rur": true, "r--": true, "??r": true, "uur": false, "rrr": false} {
		if err := agree(ours, []answer(theirs)); (err == nil) != want {
			t.Errorf("%s beside rur: %v", theirs, err)
		}
	}
}
