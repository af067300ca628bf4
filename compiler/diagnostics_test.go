package compiler_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ups/compiler"
	"ups/diag"
)

const head = "#include <ups/policies.rh>\nUID2 KUidUpsPolicyResourceFile\nUID3 1\n"

// One mistake is one diagnostic, and its hint is of use.
func TestDiagnostics(t *testing.T) {
	const policies = "RESOURCE POLICIES p { header = POLICY_HEADER { dialogcreator = 1; }; policies = { POLICY { } }; }\n"
	tests := []struct {
		name, src string
		want      []string
	}{
		{"a macro without its arguments", head + "#define G(x) x\n" + strings.Replace(policies, "POLICY { }", "POLICY { flags = G; }", 1),
			[]string{"5:100 constant-unknown"}},
		{"a UID3 that can't be read", strings.Replace(head, "UID3 1", "UID3", 1) + policies, []string{"4:1 unexpected: expected: a value"}},
		{"a UID3 that isn't defined", strings.Replace(head, "UID3 1", "UID3 KMine", 1) + policies, []string{"3:6 constant-unknown"}},
		{"policies that can't be read", head + "RESOURCE POLICIES p { header = POLICY_HEADER { dialogcreator = 1; }; policies = ; }", []string{"4:81 unexpected: expected: a value"}},
		{"NAME too late", head + policies + "NAME ABCD", []string{"5:6 name-late: write it before the resource"}},
		{"a macro's arguments, in a list", head + "#define MY(x) x\n" + strings.Replace(policies, "POLICY { }", "MY(1,2), POLICY { }", 1), []string{"5:83 macro-arguments"}},
		{"a macro's arguments, in a field", head + "#define MY(x) x\n" + strings.Replace(policies, "POLICY { }", "POLICY { flags = MY(1,2); }", 1), []string{"5:100 macro-arguments"}},
		{"arguments that aren't closed", head + "#define MY(x) x\n" + strings.Replace(policies, "POLICY { }", "POLICY { flags = MY((1); }", 1),
			[]string{"5:100 macro-arguments: close them with )"}},
		{"a macro that can't be", head + "#define MY(x #x) x\n" + strings.Replace(policies, "POLICY { }", "POLICY { flags = MY(1); }", 1), []string{"4:9 define-parameters"}},
		{"a constant without its value", head + "enum { EMine = }\n" + strings.Replace(policies, "POLICY { }", "POLICY { flags = EMine; }", 1),
			[]string{"4:14 unexpected: expected: a value"}},
		{"a policy without its name", head + strings.Replace(policies, "POLICY { }", "{ flags = 1; }", 1), []string{"4:83 unexpected: expected: POLICY_HEADER { … }, or in a list POLICY { … }"}},
		{"a header without its name", head + strings.Replace(policies, "POLICY_HEADER", "", 1), []string{"4:33 unexpected: expected: POLICY_HEADER { … }, or in a list POLICY { … }"}},
		{"a policy without its {", head + strings.Replace(policies, "POLICY { }", "POLICY flags = 1; }, POLICY { }", 1), []string{"4:83 brace-missing: what comes next is flags"}},
		{"a list without its }", head + strings.Replace(policies, "POLICY { }", "POLICY { sid_list = { KYes options = KYes; }", 1), []string{"4:105 brace-missing: what comes next is options"}},
		{"a resource without its {", head + strings.Replace(policies, "p {", "p", 1), []string{"4:21 unexpected: expected: RESOURCE POLICIES name { … }"}},
		{"a byte that CP1252 hasn't", head + strings.Replace(policies, "POLICY { }", "POLICY { destination = \"\x81\"; }", 1), []string{"4:106 charset"}},
		{"another struct's name", head + strings.Replace(policies, "POLICIES", "POLICYS", 1), []string{"4:10 struct-unknown: did you mean POLICIES?"}},
	}
	for _, test := range tests {
		var got []string
		for _, d := range compiler.Compile("a.rss", []byte(test.src), compiler.Options{}).Diagnostics {
			s := fmt.Sprintf("%d:%d %s", d.Span.Start.Line, d.Span.Start.Column, d.Code)
			if d.Hint != "" {
				s += ": " + d.Hint
			}
			got = append(got, s)
		}
		if d := cmp.Diff(test.want, got); d != "" {
			t.Errorf("%s: (-want +got)\n%s", test.name, d)
		}
	}
}

// Suggestions are for people: a thousand mistakes beside a hundred thousand
// macros don't cost more than the rest.
func TestSuggestionsAreBounded(t *testing.T) {
	var src strings.Builder
	src.WriteString(head)
	for i := range 100_000 {
		fmt.Fprintf(&src, "#define K%d %d\n", i, i)
	}
	src.WriteString("RESOURCE POLICIES p { policies = { POLICY { sid_list = { 1")
	for i := range 1000 {
		fmt.Fprintf(&src, ", KX%d", i)
	}
	src.WriteString(" }; } }; }")
	var r *compiler.Result
	took := time.Hour
	for n := 0; n < 3 && took > 10*time.Second; n++ { // a machine that stalls is slow once
		start := time.Now()
		r = compiler.Compile("a.rss", []byte(src.String()), compiler.Options{})
		took = time.Since(start)
	}
	if took > 10*time.Second {
		t.Errorf("took %v", took)
	}
	if len(r.Diagnostics) != 1000 || r.Diagnostics[0].Hint == "" {
		t.Errorf("%d diagnostics", len(r.Diagnostics))
	}
}

// What a device would refuse is bounded like all else, and so are warnings,
// which refuse nothing however many there are.
func TestDiagnosticsAreBounded(t *testing.T) {
	policies := func(policy string, n int) string {
		return head + "RESOURCE POLICIES p { header = POLICY_HEADER { dialogcreator = 1; }; policies = { " +
			strings.TrimSuffix(strings.Repeat(policy+",", n), ",") + " }; }\n"
	}
	tests := []struct {
		policy string
		failed bool
		last   string
	}{
		{"POLICY { options = 64; }", true, "201 more like this are not shown: errors are shown up to 999"},
		{"POLICY { flags = 010; }", false, "201 more like this are not shown: warnings are shown up to 999"},
	}
	for _, test := range tests {
		r := compiler.Compile("a.rss", []byte(policies(test.policy, 1200)), compiler.Options{})
		if len(r.Diagnostics) != diag.MaxDiagnostics || r.Failed() != test.failed || (r.Bytes == nil) != test.failed {
			t.Fatalf("%s: %d diagnostics, failed: %v", test.policy, len(r.Diagnostics), r.Failed())
		}
		if last := r.Diagnostics[len(r.Diagnostics)-1]; last.Code != "too-many" || last.Message != test.last {
			t.Errorf("%s: ends with %s %q", test.policy, last.Code, last.Message)
		}
	}
}
