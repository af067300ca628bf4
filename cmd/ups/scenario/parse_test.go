package scenario

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ups/cmd/ups/internal/yamlfile"
)

// mistakes are texts, with where the mistake is, what is said of it, and the
// hint.
var mistakes = []struct{ text, at, message, hint string }{
	{"", "1:1", "not YAML: nothing in the file", ""},
	{"a: [", "1:1", "not YAML: did not find expected node content", ""},
	{"a: b: c", "1:1", "not YAML: mapping values are not allowed in this context", ""},
	{"[]", "1:1", "a scenario file is a mapping", ""},
	{"store: .", "1:1", "no scenarios", "write scenarios: and a list"},
	{"scenarios: [ { name: x, steps: [ restart ] } ]\n---\nscenarios: [ { name: x, steps: [ restart ] } ]", "2:1", "a second document", ""},
	{"scenarois: []", "1:1", `a scenario file has no key "scenarois"`, "did you mean scenarios?"},
	{"scenarios: [ { name: x, steps: [ restart ] } ]\nscenarios: [ { name: x, steps: [ restart ] } ]", "2:1", `a scenario file has the key "scenarios" twice`, ""},
	{"scenarios: []", "1:12", "no scenarios in the list", ""},
	{"scenarios: {}", "1:12", "scenarios is a list", ""},
	{"scenarios: [ {} ]", "1:14", "a scenario needs a name", ""},
	{"scenarios: [ { name: x } ]", "1:14", `the scenario "x" has no steps`, ""},
	{"scenarios: [ { name: x, steps: [ restart ] }, { name: x, steps: [ restart ] } ]", "1:47", `two scenarios are named "x"`, ""},
	{"scenarios: [ { name: '', steps: [ restart ] } ]", "1:22", "name is empty", ""},
	{"store: { rmo: x }\nscenarios: [ { name: x, steps: [ restart ] } ]", "1:10", `store has no key "rmo"`, "did you mean rom?"},
	{"services: { a: 0x1 }\nscenarios: [ { name: x, steps: [ restart ] } ]", "1:16", "a service is 0xSERVER/0xSERVICE", ""},
	{"service: 0x1\nscenarios: [ { name: x, steps: [ restart ] } ]", "1:10", "of which server is the service 0x1?", "give server: too, or write 0xSERVER/0xSERVICE"},
	{"services: { calls: 0x1/0x2 }\nservice: cals\nscenarios: [ { name: x, steps: [ restart ] } ]", "2:10", `no service is named "cals"`, "did you mean calls?"},
	{"clients: { a: 1 }\nscenarios: [ { name: x, steps: [ restart ] } ]", "1:15", "client is 0x and up to eight hexadecimal digits", ""},
	{"clients: { a: 0x123456789 }\nscenarios: [ { name: x, steps: [ restart ] } ]", "1:15", "client is 0x and up to eight hexadecimal digits", ""},
	{"clients: { a: { vendor: 0x1 } }\nscenarios: [ { name: x, steps: [ restart ] } ]", "1:15", "a client needs its sid", ""},
	{"clients: { a: { sid: 0x1, drive: cd } }\nscenarios: [ { name: x, steps: [ restart ] } ]", "1:34", "a drive is one letter", "z is the ROM drive, c the system drive"},
	{"clients: { a: { sid: 0x1, gone: maybe } }\nscenarios: [ { name: x, steps: [ restart ] } ]", "1:33", `gone can't be "maybe"`, "it is one of yes, no, true, false"},
	{"clients: { a: &x 0x1, b: *x }\nscenarios: [ { name: x, steps: [ restart ] } ]", "1:26", "client is 0x", ""},
	{"evaluators: { 7: missing }\nscenarios: [ { name: x, steps: [ restart ] } ]", "1:15", "evaluator is 0x", ""},
	{"evaluators: { 0x0: missing }\nscenarios: [ { name: x, steps: [ restart ] } ]", "1:15", "the evaluator 0x00000000 is the built-in one", ""},
	{"evaluators: { 0x7: mising }\nscenarios: [ { name: x, steps: [ restart ] } ]", "1:20", `evaluator can't be "mising"`, "did you mean missing?"},
	{"evaluators: { 0x7: { entity: 'hex:0' } }\nscenarios: [ { name: x, steps: [ restart ] } ]", "1:30", "entity: after hex:", ""},
	{"creators: { 0x7: {} }\nscenarios: [ { name: x, steps: [ restart ] } ]", "1:18", "creator can't be a mapping", "it is one of missing"},
}

// stepMistakes are steps, in a file that names two clients and no service.
var stepMistakes = []struct{ step, message, hint string }{
	{"2", `a step that is one word can't be "2"`, "it is one of restart"},
	{"restrat", `a step that is one word can't be "restrat"`, "did you mean restart?"},
	{"[]", "a step is a mapping", ""},
	{"{ requets: x, client: a, service: 0x1/0x2 }", "what is to be done in this step?", "did you mean request?"},
	{"{ request: x, service: 0x1/0x2 }", "which client asks?", "give client: and a name, or a SID"},
	{"{ request: x, client: a }", "which service is asked?", "give service: here or for the file, or name one under services:"},
	{"{ request: x, client: c, service: 0x1/0x2 }", `no client is named "c"`, "the names are a, b"},
	{"{ request: , client: a, service: 0x1/0x2 }", "destination is a text", "for an empty text write ''"},
	{"{ request: x, client: a, service: 0x1/0x2, check: pased }", `check can't be "pased"`, "did you mean passed?"},
	{"{ request: x, client: a, service: 0x1/0x2, answer: alwais }", `answer can't be "alwais"`, "did you mean always?"},
	{"{ request: x, client: a, service: 0x1/0x2, answer: { info: 1 } }", "an answer needs its option", ""},
	{"{ request: x, client: a, service: 0x1/0x2, answer: { option: yes, fingerprint: 0 } }", "an answer's fingerprint is its place", "the first fingerprint is 1"},
	{"{ request: x, client: a, service: 0x1/0x2, info: 0x100000000 }", "info is a number up to 4294967295", ""},
	{"{ request: x, client: a, service: 0x1/0x2, expect: ye }", `what is expected can't be "ye"`, "did you mean yes?"},
	{"{ request: x, client: a, service: 0x1/0x2, expect: KErrUpsBadPolicyfile }", `what is expected can't be "KErrUpsBadPolicyfile"`, "did you mean KErrUpsBadPolicyFile?"},
	{"{ request: x, client: a, service: 0x1/0x2, expect: { polices: 1 } }", `what is expected has no key "polices"`, "did you mean policy?"},
	{"{ request: x, client: a, service: 0x1/0x2, expect: { policy: 0 } }", "a policy is a number from 1", ""},
	{"{ request: x, client: a, service: 0x1/0x2, expect: { version: 1 } }", "a version is major.minor", ""},
	{"{ request: x, client: a, service: 0x1/0x2, expect: { options: yes } }", "options is a list", ""},
	{"{ request: x, client: a, service: 0x1/0x2, expect: { options: [ perhaps ] } }", `an option can't be "perhaps"`, "it is one of yes, no, session-yes, always, never, session-no"},
	{"{ start: x, client: a, service: 0x1/0x2 }", "how will later steps call this request?", "give as: and a name"},
	{"{ start: x, client: a, service: 0x1/0x2, as: r, expect: yes }", `what is expected of a start can't be "yes"`, "it is one of prompt, waiting, ended"},
	{"{ reply: r }", "a reply needs an answer", ""},
	{"{ wait: r, answer: yes }", `a wait has no key "answer"`, "the keys are expect, wait"},
	{"{ uninstall: ups_1_2.rsc }", `no service is named "ups_1_2.rsc"`, ""},
	{"{ install: x, drive: d }", `drive can't be "d"`, "it is one of c, z"},
	{"{ install: x, expect: { purged: -1 } }", "purged is a number", ""},
	{"{ remove-client: z }", `no client is named "z"`, "the names are a, b"},
	{"{ records: {} }", "records is a list", ""},
	{"{ records: [ { result: maybe } ] }", `result can't be "maybe"`, "it is one of always, never"},
}

func TestMistakes(t *testing.T) {
	for _, m := range mistakes {
		checkMistake(t, m.text, "f.yaml:"+m.at, m.message, m.hint)
	}
}

func TestMistakesInSteps(t *testing.T) {
	for _, m := range stepMistakes {
		checkMistake(t, "clients: { a: 0x1, b: 0x2 }\nscenarios:\n- name: x\n  steps:\n  - "+m.step, "f.yaml:5:", m.message, m.hint)
	}
}

func checkMistake(t *testing.T, text, at, message, hint string) {
	t.Helper()
	_, err := Parse("f.yaml", []byte(text))
	e := (*Error)(nil)
	if !errors.As(err, &e) || !strings.HasPrefix(e.Error(), at) || !strings.Contains(e.Message, message) || hint != "" && e.Hint != hint {
		t.Errorf("%s\n%v, hint %q; want %s: %s, hint %q", text, err, hintOf(e), at, message, hint)
	}
}

func hintOf(e *Error) string {
	if e == nil {
		return ""
	}
	return e.Hint
}

// All mistakes are reported, in their order, up to a limit.
func TestManyMistakes(t *testing.T) {
	_, err := Parse("f", []byte("a: 1\nb: 2\nscenarios: 3"))
	if errs := Errors(err); len(errs) != 3 || !strings.HasPrefix(errs[2].Error(), "f:3:12: ") {
		t.Errorf("%v", err)
	}
	_, err = Parse("f", []byte("scenarios:\n"+strings.Repeat("- 1\n", 1000)))
	if n := len(Errors(err)); n != yamlfile.MaxMistakes {
		t.Errorf("%d mistakes, want %d", n, yamlfile.MaxMistakes)
	}
}

// What a file names can't be used: that is no failure of a scenario.
func TestUnusable(t *testing.T) {
	for store, want := range map[string]string{
		"nosuch": "nosuch: no such file or directory",
		".":      "no policy file in this folder",
		"x.rss":  "a policy file is named after its system server and service",
		"[ ups_00000001_00000002.rss, b/ups_00000001_00000002.rss ]": "are for the same service",
		"bad/ups_00000001_00000002.rss":                              "the source has errors: ",
		"{ system: nosuch, rom: [] }":                                "nosuch: no such file or directory",
	} {
		dir := t.TempDir()
		for name, text := range map[string]string{
			"x.rss": "", "ups_00000001_00000002.rss": minimal, "b/ups_00000001_00000002.rss": minimal, "bad/ups_00000001_00000002.rss": "RESOURCE",
		} {
			if store == "." {
				continue
			}
			write(t, filepath.Join(dir, name), text)
		}
		path := filepath.Join(dir, "f.scenario.yaml")
		write(t, path, "store: "+store+"\nscenarios: [ { name: x, steps: [ restart ] } ]")
		r := Run(t.Context(), path, Options{})
		if r.Err == nil || !strings.Contains(r.Err.Error(), want) || len(r.Scenarios) > 0 {
			t.Errorf("%s: %v, want %s", store, r.Err, want)
		}
	}
}

const minimal = `#include <ups/policies.rh>
UID2 KUidUpsPolicyResourceFile
UID3 1
RESOURCE POLICIES p { header = POLICY_HEADER { dialogcreator = 1; }; policies = { POLICY { options = KYes; } }; }
`

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// A source counts before its compiled form in the same folder, which may be
// old; without it the compiled form is taken.
func TestSourceCounts(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "ups_00000001_00000002.rss"), minimal)
	write(t, filepath.Join(dir, "ups_00000001_00000002.rsc"), "stale")
	path := filepath.Join(dir, "f.scenario.yaml")
	step := func(expect string) {
		t.Helper()
		write(t, path, "scenarios: [ { name: x, steps: [ { request: x, client: 0x80000001, service: 0x1/0x2, expect: "+expect+" } ] } ]")
		if r := Run(t.Context(), path, Options{}); r.Err != nil || r.Failed() != 0 {
			t.Errorf("%v, %+v", r.Err, r.Scenarios)
		}
	}
	step("yes")
	if err := os.Remove(filepath.Join(dir, "ups_00000001_00000002.rss")); err != nil {
		t.Fatal(err)
	}
	step("KErrUpsBadPolicyFile")
}

// seeds is how many texts FuzzParse begins with.
const seeds = 29 + 30 + goldens

func fuzzSeeds(t testing.TB) []string {
	var all []string
	for _, m := range mistakes {
		all = append(all, m.text)
	}
	for _, m := range stepMistakes {
		all = append(all, "clients: { a: 0x1, b: 0x2 }\nscenarios:\n- name: x\n  steps:\n  - "+m.step)
	}
	files, _ := filepath.Glob("testdata/*" + suffix)
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(text))
	}
	return all
}

func TestFuzzSeeds(t *testing.T) {
	if n := len(fuzzSeeds(t)); n != seeds {
		t.Errorf("%d seeds, want %d", n, seeds)
	}
}

// FuzzParse: whatever the text, there is a file or an error with a place.
func FuzzParse(f *testing.F) {
	for _, s := range fuzzSeeds(f) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file, err := Parse("f", []byte(text))
		if (file == nil) != (err != nil) {
			t.Errorf("%v, %v", file, err)
		}
		for _, err := range Errors(err) {
			if e := (*Error)(nil); !errors.As(err, &e) || e.Message == "" || e.Pos.Line < 1 {
				t.Errorf("%#v", err)
			}
		}
	})
}

// TestManyEqualNames checks that the time to read a file is in proportion to its
// length: with each name compared with all before, this took 47 s.
func TestManyEqualNames(t *testing.T) {
	text := "scenarios:\n" + strings.Repeat("- {name: x, steps: [restart]}\n", 50_000)
	begun := time.Now()
	_, err := Parse("x", []byte(text))
	if n := len(Errors(err)); n != yamlfile.MaxMistakes {
		t.Errorf("%d mistakes, want %d", n, yamlfile.MaxMistakes)
	}
	if took := time.Since(begun); took > 20*time.Second {
		t.Errorf("it took %v", took)
	}
}
