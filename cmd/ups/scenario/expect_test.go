package scenario

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// head is what the scenario files of tests begin with; their policies are
// those of testdata.
func head(t *testing.T) string {
	t.Helper()
	rom, err := filepath.Abs("testdata/rom")
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf(`store: %q
services: { calls: 0x10204040/0x2b, messages: 0x10204040/0x2c }
service: calls
clients: { phone: { sid: 0x10000001, drive: z }, bank: 0x10000002, game: 0x80000001 }
creators: { 0x20000003: missing }
scenarios:
  - name: one
`, rom)
}

// runText runs a scenario file of that text.
func runText(t *testing.T, text string) *Result {
	t.Helper()
	path := filepath.Join(t.TempDir(), "one.scenario.yaml")
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return Run(t.Context(), path, Options{})
}

// differences runs steps, and returns what differed: "what: got, want".
func differences(t *testing.T, steps string) []string {
	t.Helper()
	r := runText(t, head(t)+"    steps:\n"+steps)
	if r.Err != nil {
		t.Fatal(r.Err)
	}
	var all []string
	for _, f := range r.Scenarios[0].Failures {
		for _, d := range f.Differences {
			all = append(all, fmt.Sprintf("%s: %s, %s", d.What, d.Got, d.Want))
		}
	}
	return all
}

// expectationTests has, for each thing that can be expected of a request, a request, a
// value that it meets, and values that it doesn't.
var expectationTests = []struct {
	what, request, right string
	wrong                []string
}{
	{"decision", "112, client: game", "yes", []string{"no", "session-yes", "session-no"}},
	{"decision", "x, client: bank, answer: never", "session-no", []string{"no", "yes", "session-yes"}},
	{"error", "112, client: game", "none", []string{"canceled", "no-answer", "closed", "KErrUpsBadPolicyFile"}},
	{"error", "+4490, client: game", "KErrUpsMissingDialogCreator", []string{"none", "KErrUpsMissingPolicyEvaluator", "canceled"}},
	{"policy", "+4479, client: bank, answer: no", "4", []string{"1", "3", "5", "default", "none"}},
	{"policy", "555, client: game, answer: no", "default", []string{"1", "none"}},
	{"policy", "555, client: phone", "none", []string{"4", "default"}},
	{"from", "112, client: game", "silent", []string{"check", "stored", "prompt", "none"}},
	{"from", "1, client: phone", "check", []string{"silent", "stored", "prompt", "none"}},
	{"from", "1, client: bank, answer: no", "prompt", []string{"check", "silent", "stored", "none"}},
	{"asked", "112, client: game", "yes", []string{"no"}},
	{"asked", "112, client: phone", "no", []string{"yes"}},
	{"prompt", "112, client: game", "no", []string{"yes"}},
	{"prompt", "1, client: bank, answer: no", "yes", []string{"no"}},
	{"forced", "1, client: bank, answer: no", "no", []string{"yes"}},
	{"options", "112, client: game", "[yes]", []string{"[]", "[no]", "[yes, no]"}},
	{"evaluator", "112, client: game", "0x20000001", []string{"0x0", "0x20000004"}},
	{"creator", "112, client: game", "0x20000002", []string{"0x0", "0x20000003"}},
	{"flags", "112, client: game", "0", []string{"1", "7"}},
	{"version", "112, client: game", "1.0", []string{"1.1", "2.0", "0.0"}},
	{"info", "1, client: bank, answer: no", "0", []string{"1"}},
	{"stored", "1, client: bank, answer: always", "always", []string{"never", "nothing"}},
	{"stored", "1, client: bank, answer: never", "never", []string{"always", "nothing"}},
	{"stored", "1, client: bank, answer: no", "nothing", []string{"always", "never"}},
}

// Each expectation fails, alone, when what it is about is another, and only
// then.
func TestEveryExpectationCanFail(t *testing.T) {
	tried := map[string]bool{}
	for _, v := range expectationTests {
		tried[v.what] = true
		step := func(value string) string {
			about := v.what + ": " + value
			if strings.HasPrefix(v.request, "+4490") && v.what == "error" {
				about += ", decision: no"
			}
			return fmt.Sprintf("      - { request: %s, expect: { %s } }\n", v.request, about)
		}
		if ds := differences(t, step(v.right)); len(ds) != 0 {
			t.Errorf("%s: %s: %q", v.request, v.right, ds)
		}
		for _, wrong := range v.wrong {
			ds := differences(t, step(wrong))
			if len(ds) != 1 || !strings.HasPrefix(ds[0], v.what+": ") {
				t.Errorf("%s, expecting %s %s: %q, want one difference of it", v.request, v.what, wrong, ds)
			}
		}
	}
	for _, e := range expectations() {
		if !tried[e.name] {
			t.Errorf("nothing tries %q", e.name)
		}
	}
}

// A forced prompt needs a record that it is over.
func TestForcedCanFail(t *testing.T) {
	for want, differ := range map[string]int{"yes": 0, "no": 1} {
		ds := differences(t, fmt.Sprintf(`      - { request: 1, client: bank, answer: always }
      - { request: 1, client: bank, force: yes, info: 3, answer: no, expect: { forced: %s, info: 3 } }
`, want))
		if len(ds) != differ {
			t.Errorf("forced %s: %q", want, ds)
		}
	}
}

// Each field of a record that is expected fails when it is another.
func TestEveryFieldOfRecordsCanFail(t *testing.T) {
	const stored = `      - request: 1
        client: bank
        fingerprints: [ { text: f, description: of f } ]
        entity: e
        answer: { option: always, info: 9 }
`
	for field, values := range map[string][2]string{
		"client": {"bank", "game"}, "evaluator": {"0x20000001", "0x0"}, "server": {"0x10204040", "0x1"},
		"service": {"calls", "0x10204040/0x2c"}, "fingerprint": {"hex:66", "g"}, "entity": {"e", "''"},
		"description": {"of f", "of g"}, "result": {"always", "never"}, "major": {"1", "2"}, "info": {"9", "0"},
	} {
		for i, value := range values {
			ds := differences(t, fmt.Sprintf("%s      - records: [ { %s: %s } ]\n", stored, field, value))
			if len(ds) != i || i > 0 && !strings.HasPrefix(ds[0], "record 1, "+field+": ") {
				t.Errorf("%s: %s: %q", field, value, ds)
			}
		}
	}
	if ds := differences(t, stored+"      - records: []\n"); len(ds) != 1 {
		t.Errorf("a record too many: %q", ds)
	}
	if ds := differences(t, stored+"      - records: [ {}, {} ]\n"); len(ds) != 1 {
		t.Errorf("a record too few: %q", ds)
	}
}

// With nothing expected, an error or a prompt that nobody answers still fails.
func TestStepsWithoutExpectation(t *testing.T) {
	for steps, want := range map[string]string{
		"      - { request: 112, client: game }\n":                         "",
		"      - { request: 1, client: bank }\n":                           "prompt",
		"      - { request: +4490, client: game }\n":                       "error",
		"      - { request: 1, client: bank, answer: yes }\n":              "",
		"      - { request: 112, client: game, answer: yes }\n":            "prompt",
		"      - { request: 112, client: game, expect: prompt }\n":         "prompt",
		"      - { request: 1, client: bank, answer: none }\n":             "",
		"      - { start: 1, client: bank, as: a }\n":                      "a",
		"      - { start: 1, client: bank, as: a }\n      - cancel: a\n":   "",
		"      - { start: 112, client: game, as: a }\n      - wait: a\n":   "",
		"      - { start: 1, client: bank, as: a }\n      - wait: a\n":     "request",
		"      - { start: 112, client: game, as: a }\n      - cancel: a\n": "request",
	} {
		ds := differences(t, steps)
		if want == "" && len(ds) == 0 || len(ds) == 1 && want != "" && strings.HasPrefix(ds[0], want+": ") {
			continue
		}
		t.Errorf("%s%q, want %q", steps, ds, want)
	}
}
