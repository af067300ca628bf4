package answer

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ups/policy"
	"ups/runtime"
)

func list(t *testing.T, f *policy.File) *runtime.List {
	t.Helper()
	l, err := runtime.NewList(f)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func file(policies ...policy.Policy) *policy.File {
	return &policy.File{UID2: policy.ResourceFileUID, UID3: 1, Version: 1, Header: &policy.Header{
		DialogCreator: 0x20012001, PolicyEvaluator: 7, MajorVersion: 3, MinorVersion: 1,
		AuthorisationPolicy: policy.CheckPostManufacture,
	}, Policies: policies}
}

// TestAgreesWithRuntime holds that the answer by the definition is that of the
// runtime, in what decides, as what it takes effect, and whether it is asked.
func TestAgreesWithRuntime(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f := file()
		for range rapid.IntRange(0, 6).Draw(rt, "policies") {
			f.Policies = append(f.Policies, drawPolicy(rt))
		}
		l := list(t, f)
		r := Request{Drive: rapid.SampledFrom([]byte{0, 'c', 'z'}).Draw(rt, "drive")}
		r.SID = rapid.SampledFrom([]uint32{0, 0x20000001, 0x80000001}).Draw(rt, "sid")
		r.Passed = rapid.Bool().Draw(rt, "passed")
		r.Destination = policy.NewText(rapid.StringMatching(`[ab]{0,3}`).Draw(rt, "destination"))
		a, err := Decide(f, r)
		if err != nil {
			rt.Fatal(err)
		}
		a.Explain(f, len(f.Policies))
		i, err := l.DecideUTF16(r.SID, r.Passed, r.Destination)
		if err != nil {
			rt.Fatal(err)
		}
		want := l.Policy(i)
		if a.Index != want.Index || a.Default() != want.Default || fmt.Sprint(a.Policy) != fmt.Sprint(want.Policy) {
			rt.Fatalf("%d %+v, want %d %+v", a.Index, a.Policy, want.Index, want.Policy)
		}
		asked := l.Config(1).Ask(runtime.Client{SID: r.SID, Drive: r.Drive}, r.Passed)
		if got := a.Asked(r.Drive); got != asked {
			rt.Fatalf("asked: %v, want %v", got, asked)
		}
		for n, e := range a.Earlier {
			if e.Matches() || a.Why(e) == "" {
				rt.Fatalf("policy %d: %+v, %q", n+1, e.MatchParts, a.Why(e))
			}
		}
	})
}

func drawPolicy(t *rapid.T) policy.Policy {
	p := policy.Policy{
		Destination: policy.NewText(rapid.StringMatching(`[ab*?]{0,3}`).Draw(t, "pattern")),
		Security:    rapid.SampledFrom([]policy.Security{0, 1, 2}).Draw(t, "security"),
		Options:     policy.Yes | policy.No,
	}
	if rapid.Bool().Draw(t, "listed") {
		p.SIDs = []uint32{rapid.SampledFrom([]uint32{0x20000001, 0x80000001}).Draw(t, "listed SID")}
	} else {
		p.SIDClasses = policy.SIDClasses(rapid.Uint16().Draw(t, "classes"))
	}
	return p
}

func TestLongDestinationIsRefusedAsByRuntime(t *testing.T) {
	f := file(policy.Policy{Options: policy.Yes})
	for _, n := range []int{MaxDestination, MaxDestination + 1} {
		text := policy.NewText(strings.Repeat("a", n))
		_, want := list(t, f).DecideUTF16(1, true, text)
		_, err := Decide(f, Request{Request: policy.Request{SID: 1, Passed: true, Destination: text}})
		if (want == nil) != (n == MaxDestination) || fmt.Sprint(err) != fmt.Sprint(want) {
			t.Errorf("%d units: %v, want %v", n, err, want)
		}
	}
}

func TestUsable(t *testing.T) {
	if err := Usable(file(policy.Policy{Options: policy.Yes})); err != nil {
		t.Error(err)
	}
	for name, f := range map[string]*policy.File{"no header": {}, "no creator": func() *policy.File {
		f := file(policy.Policy{Options: policy.Yes})
		f.Header.DialogCreator = 0
		return f
	}()} {
		_, refused := runtime.NewList(f)
		if err := Usable(f); !errors.Is(err, ErrRefused) || refused == nil {
			t.Errorf("%s: %v; the runtime: %v", name, err, refused)
		}
	}
}

// TestWhy holds the sentences, one for each thing that a request can miss.
func TestWhy(t *testing.T) {
	listed := policy.Policy{SIDs: []uint32{1}, Destination: policy.NewText("+44*"), Security: policy.Passed, Options: policy.Yes}
	classes := policy.Policy{SIDClasses: 1 << 8, Destination: policy.NewText("a?"), Options: policy.Yes}
	f := file(listed, classes)
	a, err := Decide(f, Request{Request: policy.Request{SID: 0x20000001, Destination: policy.NewText("+43")}})
	if err != nil || !a.Default() {
		t.Fatalf("%+v, %v", a, err)
	}
	for _, most := range []int{0, 1, 2, 3} {
		some := a
		if some.Explain(f, most); len(some.Earlier) != min(most, 2) {
			t.Errorf("%d earlier policies, want %d at most", len(some.Earlier), most)
		}
	}
	a.Explain(f, 2)
	for i, want := range []string{
		`SID: 0x20000001 isn't in sid_list; destination: "+44*" can follow "+4", but not the "3" after it; security: it is for checks that passed`,
		`SID: class 2 of 0x20000001 isn't in sid_classes 0x0100; destination: "a?" can't follow its first character`,
	} {
		if got := a.Why(a.Earlier[i]); got != want {
			t.Errorf("policy %d: %s\nwant %s", i+1, got, want)
		}
	}
	var decoded struct {
		Policy  *int
		Earlier []struct{ Why string }
	}
	if err := json.Unmarshal(a.AppendJSON(nil, 0), &decoded); err != nil || decoded.Policy != nil || decoded.Earlier[1].Why != a.Why(a.Earlier[1]) {
		t.Errorf("%+v, %v", decoded, err)
	}
}

// What is said of a pattern that doesn't match names the character at which it
// stops, with the marks that belong to it and nothing after them.
func TestMissedDestination(t *testing.T) {
	for _, test := range []struct {
		pattern, text string
		reach         int
		want          string
	}{
		{"abx", "abcd", 2, `"abx" can follow "ab", but not the "c" after it`},
		{"abx", "abe\u0301d", 2, `"abx" can follow "ab", but not the "e` + "\u0301" + `" after it`},
		{"abx", "abc", 2, `"abx" can follow "ab", but not the "c" after it`},
		{"x", "abc", 0, `"x" can't follow its first character`},
		{"abcd", "abc", 3, `"abcd" can follow it to the end, but wants more`},
		{"x", "abc", policy.Unknown, `"x" isn't matched; one of the two isn't regular text`},
	} {
		if got := missedDestination(policy.NewText(test.pattern), policy.NewText(test.text), test.reach); got != test.want {
			t.Errorf("%q for %q: %s, want %s", test.pattern, test.text, got, test.want)
		}
	}
}
