package main

import (
	"errors"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"ups/compiler"
	"ups/internal/rsc"
	"ups/policy"
	"ups/runtime"
)

// Decisions from a source, from its compiled file, through the index and by
// the plain first-match loop are one and the same.

// deciders are the ways to a decision.
type deciders struct {
	plain            *policy.File // that the source was compiled to
	source, compiled *runtime.List
}

// newDeciders takes a source to its lists; compiled is nil for what our own
// encoder makes. It returns nil if both are refused, which must be for one
// reason.
func newDeciders(t *testing.T, src, compiled []byte) *deciders {
	t.Helper()
	r := compiler.Compile("fuzz.rss", src, compiler.Options{NoCheck: true})
	if r.Failed() {
		return nil
	}
	if compiled == nil {
		compiled = r.Bytes
	}
	decoded, err := rsc.Decode(compiled)
	if err != nil {
		if r.File.Header == nil {
			return nil // which the format can't say (docs/compiled-format.md)
		}
		t.Fatalf("our own file is refused: %v", err)
	}
	source, err1 := runtime.NewList(r.File)
	again, err2 := runtime.NewList(decoded)
	if (err1 == nil) != (err2 == nil) && r.File.Header != nil {
		t.Fatalf("source: %v; compiled: %v", err1, err2)
	}
	if err1 != nil || err2 != nil {
		if err1 != nil && !errors.Is(err1, runtime.ErrBadPolicyFile) {
			t.Fatal(err1)
		}
		return nil
	}
	return &deciders{r.File, source, again}
}

// check decides one request in all ways, and returns the place: -1 for a
// destination that the lists refuse as too long.
func (r *deciders) check(t *testing.T, q policy.Request) int {
	t.Helper()
	if len(q.Destination) > runtime.DefaultMaxDestination {
		r.checkRefused(t, q)
		return -1
	}
	want := r.plain.Decide(q)
	for name, l := range map[string]*runtime.List{"source": r.source, "compiled": r.compiled} {
		if got, err := l.DecideUTF16(q.SID, q.Passed, q.Destination); got != want || err != nil {
			t.Fatalf("%s: place %d, the plain loop %d, for %#x %v %x", name, got, want, q.SID, q.Passed, []uint16(q.Destination))
		}
	}
	a, b := r.source.Policy(want), r.compiled.Policy(want)
	if a.Default != (want < 0) || a.Index != b.Index || a.Policy.Options != b.Policy.Options || a.Policy.Flags != b.Policy.Flags ||
		a.Policy.PolicyEvaluator != b.Policy.PolicyEvaluator || a.Policy.DialogCreator != b.Policy.DialogCreator ||
		a.Major != b.Major || a.Minor != b.Minor || !slices.Equal(a.Policy.Destination, b.Policy.Destination) {
		t.Fatalf("place %d: %+v from source, %+v from the compiled file", want, a, b)
	}
	r.checkString(t, q, want)
	return want
}

func (r *deciders) checkRefused(t *testing.T, q policy.Request) {
	t.Helper()
	for _, l := range []*runtime.List{r.source, r.compiled} {
		if _, err := l.DecideUTF16(q.SID, q.Passed, q.Destination); !errors.Is(err, runtime.ErrDestinationTooLong) {
			t.Fatalf("a destination of %d units: error %v", len(q.Destination), err)
		}
	}
}

// checkString decides by UTF-8, where that can say the destination.
func (r *deciders) checkString(t *testing.T, q policy.Request, want int) {
	t.Helper()
	text := q.Destination.String()
	if !slices.Equal(policy.NewText(text), q.Destination) || !utf8.ValidString(text) {
		return
	}
	if got, err := r.compiled.Decide(q.SID, q.Passed, text); got != want || err != nil {
		t.Fatalf("as a string: place %d, the plain loop %d (%v), for %#x %v %q", got, want, err, q.SID, q.Passed, text)
	}
}

// requests makes requests that are near to those that the policies match.
type requests struct {
	*rand.Rand
	sids  []uint32
	texts []policy.Text
}

func newRequests(f *policy.File, seed uint64) *requests {
	a := &requests{Rand: rand.New(rand.NewPCG(seed, 1)), texts: []policy.Text{nil, {'a'}, {0xD800}, {0x301, 'e'}}}
	for class := range uint32(16) {
		a.sids = append(a.sids, class<<28|1)
	}
	for _, p := range f.Policies {
		a.sids = append(a.sids, p.SIDs...)
		a.texts = append(a.texts, p.Destination)
	}
	return a
}

func (a *requests) request() policy.Request {
	return policy.Request{SID: a.sids[a.IntN(len(a.sids))], Passed: a.IntN(2) == 0, Destination: a.destination()}
}

// destination fills the wildcards of a pattern, or half of one, and sometimes
// changes a unit.
func (a *requests) destination() policy.Text {
	var out policy.Text
	pattern := a.texts[a.IntN(len(a.texts))]
	for _, u := range pattern[:len(pattern)-a.IntN(2)*len(pattern)/2] {
		switch {
		case u == '*' || u == '?':
			other := a.texts[a.IntN(len(a.texts))]
			out = append(out, other[:a.IntN(len(other)+1)]...)
		case a.IntN(16) == 0:
			out = append(out, u^0x20)
		default:
			out = append(out, u)
		}
	}
	return out
}

const requestsOfSource = 100 // for each source of the corpus

func TestDecisionsFromSourceAndCompiledFileAgree(t *testing.T) {
	decided, asked := 0, 0
	for _, src := range corpusSources(t) {
		reference, err := os.ReadFile(strings.TrimSuffix(src.name, ".rss") + ".rsc")
		if err != nil {
			t.Fatal(err)
		}
		r := newDeciders(t, src.text, reference)
		if r == nil {
			continue
		}
		asked++
		ask := newRequests(r.plain, 1)
		for range requestsOfSource {
			if r.check(t, ask.request()) >= 0 {
				decided++
			}
		}
	}
	// All that a device takes, and requests that mostly meet a policy.
	if asked < 260 || decided < asked*requestsOfSource/3 {
		t.Errorf("%d sources, of %d requests %d were decided by a policy", asked, asked*requestsOfSource, decided)
	}
	t.Logf("%d sources, %d requests, %d decided by a policy", asked, asked*requestsOfSource, decided)
}

// FuzzDecideFromSource holds the same for sources and requests of any kind.
func FuzzDecideFromSource(f *testing.F) {
	for _, src := range corpusSources(f) {
		f.Add(src.text, uint64(len(src.text)), uint32(0x80000001), []byte("a\x00"))
	}
	f.Fuzz(func(t *testing.T, src []byte, seed uint64, sid uint32, destination []byte) {
		if len(src) > 1<<14 {
			return
		}
		r := newDeciders(t, src, nil)
		if r == nil {
			return
		}
		for _, passed := range []bool{true, false} {
			r.check(t, policy.Request{SID: sid, Passed: passed, Destination: unitsOf(destination)})
		}
		ask := newRequests(r.plain, seed)
		for range 20 {
			r.check(t, ask.request())
		}
	})
}

// unitsOf takes pairs of bytes for units, as a fuzzer can make them.
func unitsOf(b []byte) policy.Text {
	var t policy.Text
	for ; len(b) > 1; b = b[2:] {
		t = append(t, uint16(b[0])|uint16(b[1])<<8)
	}
	return t
}

type corpusSource struct {
	name string
	text []byte
}

// corpusSources reads the sources of the corpus that compile.
func corpusSources(tb testing.TB) []corpusSource {
	tb.Helper()
	var sources []corpusSource
	for _, file := range slices.Concat(sourcesOf(tb, "accept", 72), sourcesOf(tb, "random", 200), sourcesOf(tb, "unchecked", 11)) {
		text, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		sources = append(sources, corpusSource{file, text})
	}
	return sources
}
