package index

import (
	"errors"
	"fmt"
	"math/rand/v2"
	standard "runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"ups/internal/rsc"
	"ups/internal/wildcard"
	"ups/policy"
)

// forAll is a policy for every client.
func forAll(pattern string) policy.Policy {
	return policy.Policy{SIDClasses: policy.AllSIDs, Destination: policy.NewText(pattern), Options: policy.AllOptions}
}

func forSIDs(pattern string, sids ...uint32) policy.Policy {
	p := forAll(pattern)
	p.SIDs = sids
	return p
}

func TestDecide(t *testing.T) {
	passed, failed := forAll("only passed"), forAll("only failed")
	passed.Security, failed.Security = policy.Passed, policy.Failed
	l := mustList(t, []policy.Policy{
		forSIDs("+44*", 1, 2, 2), forAll("+4477*"), forSIDs("*", 7), passed, failed,
		forAll("*.example.com"), forAll("*shop*"), forAll("caf\u00E9*"), forAll("*\u0301"), forAll("?"), forAll(""),
		forAll("Exactly This"), forAll("http*://*/?*"), forAll("*k?"),
	})
	for _, c := range []struct {
		sid         uint32
		passed      bool
		destination string
		want        int
	}{
		{2, true, "+447700", 0},
		{3, true, "+447700", 1},
		{3, true, "+45", -1},
		{7, false, "+45", 2},
		{3, true, "only passed", 3},
		{3, false, "only passed", -1},
		{3, false, "ONLY FAILED", 4},
		{3, true, "www.EXAMPLE.com", 5},
		{3, true, "www.example.com.", -1},
		{3, true, "the shop.example.com", 5},
		{3, true, "SHOP", 6},
		{3, true, "CAFE\u0301 noir", 7},
		{3, true, "cafe noir", -1},
		{3, true, "a\u0301", 8},
		{3, true, "x", 9},
		{3, true, "", 10},
		{3, true, "exactly THIS", 11},
		{3, true, "https://host/a", 12},
		{3, true, "https://host/", -1},
		{3, true, "\u212Ax", 13}, // the Kelvin sign folds to k
	} {
		if got, err := l.Decide(c.sid, c.passed, c.destination); got != c.want || err != nil {
			t.Errorf("SID %d, passed %t, %q: policy %d, %v, want %d", c.sid, c.passed, c.destination, got, err, c.want)
		}
		agree(t, l, policy.Request{SID: c.sid, Passed: c.passed, Destination: policy.NewText(c.destination)}, c.want)
	}
}

func TestDecideRefusesInvalidUTF8(t *testing.T) {
	l := mustList(t, []policy.Policy{forAll("*")})
	for _, s := range []string{"\xFF", "abc\xC3", "\xED\xA0\x80", strings.Repeat("a", 300) + "\x80"} {
		if i, err := l.Decide(1, true, s); !errors.Is(err, wildcard.ErrInvalidUTF8) || i != -1 {
			t.Errorf("%q: policy %d, %v", s, i, err)
		}
	}
}

// Texts around the sizes that the index has limits at, for lists with tables and
// without.
func TestDecideLongTexts(t *testing.T) {
	list := []policy.Policy{forAll("*needles*end"), forAll("a*"), forAll("*\u00E9"), forAll("*needles*"), forAll("*thorn*")}
	long := list[:len(list):len(list)]
	for i := range 4 * fewPostings {
		long = append(long, forAll(fmt.Sprintf("*%dth word*", i)), forAll(fmt.Sprintf("*x%03d*", i)))
	}
	for _, l := range []*listed{mustList(t, list), mustList(t, long)} {
		for n := range 300 {
			for _, s := range []string{"needles", "thorn", "\u00E9", "Needles END", ""} {
				r := policy.Request{Destination: policy.NewText(strings.Repeat("b", n) + s)}
				agree(t, l, r, l.file.Decide(r))
			}
			r := policy.Request{Destination: policy.NewText(strings.Repeat("a", n))}
			agree(t, l, r, l.file.Decide(r))
		}
	}
}

// There are more letters here than codes, so that some share one.
func TestMoreLettersThanCodes(t *testing.T) {
	var list []policy.Policy
	for i := range rune(400) {
		list = append(list, forAll(string(0x4E00+i)+"*"), forSIDs("*"+string(0x4E00+i), uint32(i)))
	}
	l := mustList(t, list)
	for i := range rune(450) {
		for _, s := range []string{string(0x4E00 + i), "x" + string(0x4E00+i), string(0x4E00+i) + "\u0301"} {
			r := policy.Request{SID: uint32(i), Destination: policy.NewText(s)}
			agree(t, l, r, l.prepared().decide(r))
		}
	}
}

// SIDs of one class, in steps for which simple hashes collide.
func TestManySIDsInOneList(t *testing.T) {
	p := forAll("*")
	for i := range uint32(16000) {
		p.SIDs = append(p.SIDs, 0x10000000+i<<12)
	}
	start := time.Now()
	l := mustList(t, []policy.Policy{p, forAll("a")})
	for i := range uint32(20000) {
		want := -1
		if i < 16000 {
			want = 0
		}
		if got, err := l.Decide(0x10000000+i<<12, true, "b"); got != want || err != nil {
			t.Fatalf("SID %d: policy %d, %v, want %d", i, got, err, want)
		}
	}
	if d := time.Since(start); d > 30*slowness*time.Second {
		t.Errorf("%v", d)
	}
}

// hostile are lists that automata and tables of keys have trouble with, near
// the full size of a file.
func hostile() map[string][]policy.Policy {
	r := rand.New(rand.NewPCG(3, 0))
	lists := map[string][]policy.Policy{}
	add := func(name string, n int, pattern func(i int) string) {
		for i := range n {
			lists[name] = append(lists[name], forAll(pattern(i)))
		}
	}
	add("stars", 240, func(i int) string { return strings.Repeat("*a", 120) + strings.Repeat("?", i%14) + "b" })
	add("sections", 240, func(i int) string { return "*" + strings.Repeat("a", 100+i/2) + "b*c" })
	add("questions", 240, func(i int) string { return "*a" + strings.Repeat("?", i) + "a*" })
	add("random", 240, func(int) string {
		b := make([]byte, 255)
		for i := range b {
			b[i] = "**?aab"[r.IntN(6)]
		}
		return string(b)
	})
	add("alike", 1500, func(i int) string { return fmt.Sprintf("*a*%c*a*%c*a", 'a'+i%26, 'a'+i/26%26) })
	add("only wildcards", 500, func(i int) string { return strings.Repeat("?", i/2) + strings.Repeat("*", i%2) })
	// Those that only the definition can match: for all texts, or irregular ones.
	add("irregular", 2000, func(i int) string { return fmt.Sprintf("*host%d\U0001F600*", i) })
	add("irregular for ASCII", 2000, func(i int) string { return fmt.Sprintf("*host%d\uFFFF*", i) })
	add("irregular sections", 240, func(i int) string { return "*" + strings.Repeat("a", 100+i/2) + "b\uFFFF*c" })
	add("irregular marks", 240, func(int) string { return strings.Repeat("*\u0301", 100) + "b" })
	add("not ASCII", 2000, func(i int) string { return fmt.Sprintf("*host%d\u00E9*", i) })
	return lists
}

func hostileTexts() []string {
	r := rand.New(rand.NewPCG(4, 0))
	texts := []string{"", strings.Repeat("a", 255), strings.Repeat("ab", 127), strings.Repeat("a", 254) + "b", strings.Repeat("a", 1000)}
	texts = append(texts, "\U0001F600"+strings.Repeat("a", 254)+"b", strings.Repeat("a\u0301", 127)+"bc", "cb"+strings.Repeat("a", 253), "http://host0123456789\u00E9/\U0001F600", "host0123456789")
	for range 20 {
		b := make([]byte, 1+r.IntN(255))
		for i := range b {
			b[i] = "aaaabc"[r.IntN(6)]
		}
		texts = append(texts, string(b))
	}
	return texts
}

// Hostile lists cost no more than these: a hundred times the time that they
// take on a slow machine, since a busy one may hold up any decision, and far
// below what doubling with each star would come to.
const (
	hostileTime   = slowness * time.Second // of a decision, its first included
	hostileMemory = 8 << 20                // bytes in all, of the index and of all decisions
)

func TestHostileLists(t *testing.T) {
	for name, list := range hostile() {
		var l *listed
		bytes := allocated(func() { l = mustList(t, list) })
		for _, s := range hostileTexts() {
			start := time.Now()
			bytes += allocated(func() { l.Decide(1, true, s) })
			d := time.Since(start)
			for n := 0; n < 3 && d > hostileTime; n++ { // a machine that stalls is slow once
				again := mustList(t, list)
				start = time.Now()
				again.Decide(1, true, s)
				d = time.Since(start)
			}
			if d > hostileTime {
				t.Errorf("%s: %v for a decision", name, d)
			}
		}
		if bytes > hostileMemory && !raced {
			t.Errorf("%s: %d bytes", name, bytes)
		}
		t.Logf("%s: %d bytes", name, bytes)
	}
}

func TestHostileListsAgree(t *testing.T) {
	for _, list := range hostile() {
		l := mustList(t, list)
		for _, s := range hostileTexts() {
			r := policy.Request{SID: 1, Passed: true, Destination: policy.NewText(s)}
			if got := l.DecideUTF16(1, true, r.Destination); got != l.prepared().decide(r) {
				t.Errorf("%q: policy %d, want %d", s, got, l.prepared().decide(r))
			}
		}
	}
}

// allocated returns the bytes that f allocates, whether they stay or not.
func allocated(f func()) uint64 {
	var before, after standard.MemStats
	standard.ReadMemStats(&before)
	f()
	standard.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// preparedLoop is the plain loop with its patterns prepared, which is a hundred
// times as fast as the definition.
type preparedLoop struct {
	policies []policy.Policy
	patterns []wildcard.Prepared
}

func (l *listed) prepared() preparedLoop {
	c := preparedLoop{policies: l.file.Policies}
	for _, p := range c.policies {
		c.patterns = append(c.patterns, wildcard.Prepare(p.Destination))
	}
	return c
}

func (c preparedLoop) decide(r policy.Request) int {
	d := wildcard.Decode(r.Destination)
	for i := range c.policies {
		p := &c.policies[i]
		if p.HasSID(r.SID) && p.Security.Holds(r.Passed) && c.patterns[i].Match(&d) {
			return i
		}
	}
	return -1
}

func TestDecideDoesNotAllocate(t *testing.T) {
	m := newMix(2)
	l, questions, i := mustList(t, m.list(2000)), m.questions(), 0
	n := testing.AllocsPerRun(len(questions), func() {
		q := questions[i%len(questions)]
		i++
		if _, err := l.Decide(q.sid, q.passed, q.destination); err != nil {
			t.Fatal(err)
		}
	})
	if n != 0 && !raced {
		t.Errorf("a decision allocates %v times", n)
	}
}

// A client chooses the destination. For one that isn't regular not every pattern
// may be matched by the definition: to prepare one for that takes 4 allocations.
func TestIrregularTextsTryFewPatterns(t *testing.T) {
	var list []policy.Policy
	for i := range 2000 {
		list = append(list, forAll(fmt.Sprintf("*host%d.example.com*", i)))
	}
	l := mustList(t, list)
	for s, want := range map[string]int{
		"https://host1999.example.com/\U0001F600": 1999,
		"\U0001F600":                         -1,
		"a\u0301\u0323 at host7.example.com": 7,
	} {
		if got, err := l.Decide(1, true, s); got != want || err != nil {
			t.Errorf("%q: policy %d, %v, want %d", s, got, err, want)
		}
		if n := testing.AllocsPerRun(10, func() { l.Decide(1, true, s) }); n > 200 && !raced {
			t.Errorf("%q: %v allocations", s, n)
		}
	}
}

// Patterns that the definition has to match must be prepared for it.
func TestDefinitionDoesNotAllocate(t *testing.T) {
	for _, name := range []string{"irregular", "irregular for ASCII", "not ASCII"} {
		l := mustList(t, hostile()[name])
		for _, s := range []string{"http://host/2001", "http://host/2001\u00E9", "host/2001\u00E9/\U0001F600/", "\u0301host2000"} {
			units := policy.NewText(s)
			if got := l.DecideUTF16(1, true, units); got != -1 {
				t.Errorf("%s, %q: policy %d", name, s, got)
			}
			if n := testing.AllocsPerRun(10, func() { l.DecideUTF16(1, true, units) }); n != 0 && !raced {
				t.Errorf("%s, %q: %v allocations", name, s, n)
			}
		}
	}
}

// What is made when first needed must be made once, for all.
func TestDecideFromManyGoroutines(t *testing.T) {
	list := append(hostile()["questions"][:200:200], forAll("*caf\u00E9*"), forAll("*\u0301"), forAll("*"))
	l := mustList(t, list)
	texts := append(hostileTexts(), "un CAFE\u0301", "a\u0301", "\u0301", "\u65E5\u672C")
	want := make([]int, len(texts))
	c := l.prepared()
	for i, s := range texts {
		want[i] = c.decide(policy.Request{SID: 1, Passed: true, Destination: policy.NewText(s)})
	}
	var all sync.WaitGroup
	for g := range 8 {
		all.Go(func() {
			for k := range 4 * len(texts) {
				i := (k + 3*g) % len(texts)
				if got, err := l.Decide(1, true, texts[i]); got != want[i] || err != nil {
					t.Errorf("%q: policy %d, %v, want %d", texts[i], got, err, want[i])
				}
			}
		})
	}
	all.Wait()
	if l.atOnce.Load() == 0 {
		t.Error("no decision has needed the automaton")
	}
}

// A store of 10,000 files of 40 policies must fit into 300 MB when all are
// loaded, and have some of that for itself.
func TestListsAreSmall(t *testing.T) {
	const lists, most = 200, 25_000
	m := newMix(5)
	files := make([][]byte, lists)
	for i := range files {
		b, err := rsc.Encode(fileOf(m.list(40)))
		if err != nil {
			t.Fatal(err)
		}
		files[i] = b
	}
	kept := make([]*listed, lists)
	before := retained()
	for i, b := range files {
		f, err := rsc.Decode(b)
		if err != nil {
			t.Fatal(err)
		}
		kept[i] = mustList(t, f.Policies)
	}
	size := int64(retained()-before) / lists
	t.Logf("%d bytes for a list", size)
	if size > most {
		t.Errorf("%d bytes for a list", size)
	}
	standard.KeepAlive(kept)
}

func retained() uint64 {
	standard.GC()
	var s standard.MemStats
	standard.ReadMemStats(&s)
	return s.HeapAlloc
}

// The target is 10 ms; this is far enough from it for slow machines and the
// race detector.
func TestFullSizeIsIndexedSoon(t *testing.T) {
	list := fullSize(t)
	var d time.Duration
	var bytes uint64
	for n := 0; n == 0 || n < 4 && d > slowness*time.Second; n++ { // a machine that stalls is slow once
		start := time.Now()
		bytes = allocated(func() { New(list) })
		d = time.Since(start)
	}
	if d > slowness*time.Second || bytes > 8<<20 && !raced {
		t.Errorf("%d policies: %v, %d bytes", len(list), d, bytes)
	}
}
