package index

import (
	"fmt"
	"hash/maphash"
	"math/rand/v2"
	"sort"
	"sync/atomic"
	"testing"
	"time"

	"ups/internal/rsc"
	"ups/internal/wildcard"
	"ups/policy"
)

// mix makes policies of the kinds that are in use: for classes or for listed
// SIDs; destinations that are exact, or begin, end or go on with anything, of
// telephone numbers, hosts and URLs.
type mix struct{ *rand.Rand }

func newMix(seed uint64) mix { return mix{rand.New(rand.NewPCG(seed, 0))} }

func (m mix) sid() uint32 {
	return []uint32{0x10000000, 0x20000000, 0xA0000000}[m.IntN(3)] + m.Uint32N(3000)
}

func (m mix) domain() string {
	words := []string{"example", "shop", "bank", "mail", "news", "games", "music", "maps", "weather", "travel"}
	return fmt.Sprintf("%s%d.%s", words[m.IntN(len(words))], m.IntN(500), []string{"com", "co.uk", "org", "net", "fi"}[m.IntN(5)])
}

// destination returns one of those in use: 9 to 44 characters.
func (m mix) destination() string {
	switch m.IntN(6) {
	case 0:
		return fmt.Sprintf("+447700%06d", m.IntN(1000000))
	case 1:
		return fmt.Sprintf("sms:+%d%09d", []int{1, 44, 49, 358}[m.IntN(4)], m.IntN(1000000000))
	case 2:
		return "www." + m.domain()
	case 3:
		return fmt.Sprintf("https://www.%s/%s/%d", m.domain(), []string{"index", "login", "pay", "img"}[m.IntN(4)], m.IntN(10000))
	case 4:
		return fmt.Sprintf("user%d@%s", m.IntN(1000), m.domain())
	}
	return "http://" + m.domain() + "/"
}

// pattern returns one that somebody would write: for a number, a range of
// numbers, a host, all hosts of a domain, a path.
func (m mix) pattern() string {
	d := m.destination()
	switch m.IntN(6) {
	case 0:
		return d
	case 1:
		return fmt.Sprintf("+447700%0*d*", 1+m.IntN(4), m.IntN(10000))
	case 2:
		return "sms:" + fmt.Sprintf("+%d%04d*", []int{1, 44, 49, 358}[m.IntN(4)], m.IntN(10000))
	case 3:
		return []string{"https://www.", "http://"}[m.IntN(2)] + m.domain() + "/*"
	case 4:
		return []string{"*.", "*@"}[m.IntN(2)] + m.domain()
	}
	return []string{"*" + m.domain() + "*", "*." + m.domain() + "/pay/*", fmt.Sprintf("*track%d*", m.IntN(1000))}[m.IntN(3)]
}

func (m mix) policy() policy.Policy {
	p := policy.Policy{
		SIDClasses:  []policy.SIDClasses{policy.AllSIDs, policy.ProtectedSIDs, policy.UnprotectedSIDs}[m.IntN(3)],
		Security:    policy.Security(m.IntN(3)),
		Destination: policy.NewText(m.pattern()),
		Options:     policy.AllOptions,
	}
	if m.IntN(3) == 0 {
		for range 1 + m.IntN(3) {
			p.SIDs = append(p.SIDs, m.sid())
		}
	}
	return p
}

// list returns n policies, of which the last is for everything.
func (m mix) list(n int) []policy.Policy {
	list := make([]policy.Policy, n)
	for i := range list {
		list[i] = m.policy()
	}
	list[n-1] = policy.Policy{SIDClasses: policy.AllSIDs, Destination: policy.NewText("*"), Options: policy.AllOptions}
	return list
}

// A question is a request as a system server asks it.
type question struct {
	sid         uint32
	passed      bool
	destination string
}

const questions = 4096

func (m mix) questions() []question {
	list := make([]question, questions)
	for i := range list {
		list[i] = question{m.sid(), m.IntN(2) == 0, m.destination()}
	}
	return list
}

// listed is an index, and the file whose plain decision it must agree with.
type listed struct {
	*Index
	file   *policy.File
	atOnce atomic.Int32 // decisions that the automaton had a part in
}

func mustList(t testing.TB, policies []policy.Policy) *listed {
	t.Helper()
	l := &listed{Index: New(policies), file: fileOf(policies)}
	made := l.automaton
	l.automaton = func() *wildcard.Automaton {
		l.atOnce.Add(1)
		return made()
	}
	return l
}

// floor is what no way to decide can do without: to read the destination and
// look up the SID.
type floor struct {
	seed maphash.Seed
	sids map[uint32]int
}

func newFloor(m mix) floor {
	f := floor{maphash.MakeSeed(), map[uint32]int{}}
	for len(f.sids) < 700 {
		f.sids[m.sid()] = len(f.sids)
	}
	return f
}

func (f floor) ask(q question) int { return int(maphash.String(f.seed, q.destination)) + f.sids[q.sid] }

// compare runs engines in turns over the same questions, so that all meet the
// same noise, and returns the time of each for a question: the least of its
// turns.
func compare(rounds int, questions []question, engines ...func(question) int) []float64 {
	least := make([]float64, len(engines))
	for range rounds {
		for i, ask := range engines {
			start := time.Now()
			for _, q := range questions {
				sink += ask(q)
			}
			ns := float64(time.Since(start).Nanoseconds()) / float64(len(questions))
			if least[i] == 0 || ns < least[i] {
				least[i] = ns
			}
		}
	}
	return least
}

var sink int

func asking(l *listed) func(question) int {
	return func(q question) int {
		i, _ := l.Decide(q.sid, q.passed, q.destination)
		return i
	}
}

// BenchmarkDecide reports the time of a decision as a multiple of the floor, and
// of a decision among 20 policies.
func BenchmarkDecide(b *testing.B) {
	m := newMix(1)
	lists := map[int]*listed{20: mustList(b, m.list(20)), 200: mustList(b, m.list(200)), 2000: mustList(b, m.list(2000))}
	f, questions := newFloor(m), m.questions()
	for _, n := range []int{20, 200, 2000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			ask, i := asking(lists[n]), 0
			for b.Loop() {
				sink += ask(questions[i%len(questions)])
				i++
			}
			times := compare(300, questions, f.ask, asking(lists[20]), ask)
			b.ReportMetric(times[2]/times[0], "floors")
			b.ReportMetric(times[2]/times[1], "growth")
			b.ReportMetric(times[0], "floor-ns")
		})
	}
}

// fullSize returns the most policies of the mix that one file can hold.
func fullSize(t testing.TB) []policy.Policy {
	list := newMix(3).list(4000)
	n := sort.Search(len(list), func(n int) bool {
		_, err := rsc.Encode(fileOf(list[:n+1]))
		return err != nil
	})
	if n < 500 || n == len(list) {
		t.Fatalf("%d policies in a full file", n)
	}
	return list[:n]
}

func BenchmarkBuildFullSize(b *testing.B) {
	list := fullSize(b)
	b.ReportAllocs()
	for b.Loop() {
		New(list)
	}
	b.ReportMetric(float64(len(list)), "policies")
}

func BenchmarkBuild40(b *testing.B) {
	list := newMix(3).list(40)
	b.ReportAllocs()
	for b.Loop() {
		New(list)
	}
}

// BenchmarkWorst is about requests that only the last of 2,000 policies is for:
// how many times as long as a decision the plain loop takes, with its patterns
// prepared.
func BenchmarkWorst(b *testing.B) {
	m := newMix(1)
	l, questions := mustList(b, m.list(2000)), m.questions()
	for i := range questions {
		questions[i].destination = fmt.Sprintf("tel:%07d", m.IntN(10000000))
	}
	loop := l.prepared()
	plain := func(q question) int {
		return loop.decide(policy.Request{SID: q.sid, Passed: q.passed, Destination: policy.NewText(q.destination)})
	}
	for i, q := range questions {
		if got := asking(l)(q); got != 1999 || i < 100 && plain(q) != got {
			b.Fatalf("%q: policy %d", q.destination, got)
		}
	}
	b.ReportAllocs()
	ask, i := asking(l), 0
	for b.Loop() {
		sink += ask(questions[i%len(questions)])
		i++
	}
	times := compare(300, questions, newFloor(m).ask, ask)
	loops := compare(3, questions[:256], plain)
	b.ReportMetric(times[1]/times[0], "floors")
	b.ReportMetric(loops[0]/times[1], "loops")
}

// BenchmarkHostile is about texts and lists that are made for it to take long.
func BenchmarkHostile(b *testing.B) {
	for name, list := range hostile() {
		l := mustList(b, list)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for _, s := range hostileTexts()[:5] {
					l.Decide(1, true, s)
				}
			}
		})
	}
}

// BenchmarkDefinition is a decision for which 2,000 policies are left to the
// definition.
func BenchmarkDefinition(b *testing.B) {
	for _, name := range []string{"irregular", "irregular for ASCII", "not ASCII"} {
		l := mustList(b, hostile()[name])
		for kind, s := range map[string]string{
			"ASCII":     "http://www.host.example.com/2001/index.html",
			"regular":   "http://www.host.example.com/2001/caf\u00E9.html",
			"irregular": "http://www.host.example.com/2001/caf\u00E9\U0001F600.html",
		} {
			b.Run(name+"/"+kind, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					l.Decide(1, true, s)
				}
			})
		}
	}
}
