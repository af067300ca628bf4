package analysis_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"ups/lint/analysis"
	"ups/lint/internal/bruteforce"
	"ups/policy"
)

// The whole is 100,000, which takes half a minute.
var orders = flag.Int("orders", 5_000/bruteforce.Slowness, "how many generated lists are sorted")

// orderOracle knows from brute force what an order does.
type orderOracle struct {
	*bruteforce.List
	n       int
	kinds   map[uint64]bool // what a request that the service is asked about can match
	general [][]bool        // [g][p]: g matches all that p does, and more
}

func newOrderOracle(f *policy.File) *orderOracle {
	o := &orderOracle{List: bruteforce.NewList(f), n: len(f.Policies), kinds: map[uint64]bool{}}
	var all []uint64
	o.Each(func(asked bool, m uint64) {
		all = append(all, m)
		if asked {
			o.kinds[m] = true
		}
	})
	for g := range o.n {
		o.general = append(o.general, make([]bool, o.n))
		for p := range o.n {
			o.general[g][p] = includes(all, g, p) && !includes(all, p, g) && !includes(all, -1, p)
		}
	}
	return o
}

// includes reports whether g matches whatever p does; -1 matches nothing.
func includes(kinds []uint64, g, p int) bool {
	return !slices.ContainsFunc(kinds, func(m uint64) bool { return m>>p&1 != 0 && (g < 0 || m>>g&1 == 0) })
}

// first returns the first policy of an order that matches, or -1.
func first(places []int, m uint64) int {
	i := slices.IndexFunc(places, func(p int) bool { return m>>p&1 != 0 })
	if i < 0 {
		return -1
	}
	return places[i]
}

// keeps reports whether an order keeps all decisions.
func (o *orderOracle) keeps(places []int) bool {
	for m := range o.kinds {
		if p := first(places, m); p >= 0 && o.Outcome(1<<p) != o.Outcome(m) {
			return false
		}
	}
	return true
}

// disorder returns the pairs in which the first stands before the second,
// although that is the more specific.
func (o *orderOracle) disorder(places []int) (pairs [][2]int) {
	reached := o.reached(places)
	for i, g := range places {
		for _, p := range places[i+1:] {
			if o.general[g][p] || reached[g] && o.conflict(places, g, p) {
				pairs = append(pairs, [2]int{g, p})
			}
		}
	}
	return pairs
}

// reached returns the policies that some request gets to.
func (o *orderOracle) reached(places []int) map[int]bool {
	out := map[int]bool{}
	for m := range o.kinds {
		out[first(places, m)] = true
	}
	return out
}

// count counts the pairs that are out of order: those in which the first matches
// all that the second does, and the others.
func (o *orderOracle) count(places []int) (n [2]int) {
	for _, pair := range o.disorder(places) {
		if o.general[pair[0]][pair[1]] {
			n[0]++
		} else {
			n[1]++
		}
	}
	return n
}

// conflict reports whether lint would find the pair out of order.
func (o *orderOracle) conflict(places []int, g, p int) bool {
	if o.Outcome(1<<g) == o.Outcome(1<<p) {
		return false
	}
	takes := false
	for m := range o.kinds {
		takes = takes || first(places, m) == g && m>>p&1 != 0
	}
	c := o.Relations(g, p)
	return takes && c.OutOfOrder() && !c.Slight() &&
		(c.SIDs == analysis.Wider || c.Security == analysis.Wider || c.Destinations == analysis.Wider)
}

// TestSortExact compares orders with all that there are.
func TestSortExact(t *testing.T) {
	r := rand.New(rand.NewPCG(11, uint64(*orders)))
	var moved, further, second int
	var reasons [analysis.NotDecided + 1]int
	for n := range *orders {
		c := &orderCheck{orderOracle: newOrderOracle(bruteforce.RandomList(r, 8))}
		c.all()
		if len(c.wrong) > 0 {
			t.Fatalf("list %d: %v\n%s%s", n, c.got.Places, bruteforce.Show(c.File), strings.Join(c.wrong, "\n"))
		}
		if !slices.IsSorted(c.got.Places) {
			moved++
		}
		further += c.further
		second += c.second
		for _, s := range c.got.Stuck {
			reasons[s.Reason]++
		}
	}
	t.Logf("%d lists: %d moved, %d further than needed, %d not the best of the second kind, %v stuck by reason", *orders, moved, further, second, reasons)
	if second > *orders/20_000 {
		t.Errorf("%d lists could have fewer pairs that overlap out of order", second)
	}
	if moved < *orders/20 || reasons[analysis.Changes] < *orders/20 || reasons[analysis.NotDecided] > 0 || reasons[analysis.Unproved] > *orders/10_000 {
		t.Errorf("the lists are too much alike, or not decided")
	}
}

// orderCheck compares what is claimed of one list with all its orders.
type orderCheck struct {
	*orderOracle
	got     *analysis.Order
	further int
	second  int // an order has fewer pairs of the second kind
	wrong   []string
}

func (c *orderCheck) fail(format string, args ...any) {
	c.wrong = append(c.wrong, fmt.Sprintf(format, args...))
}

func (c *orderCheck) all() {
	c.got = analysis.Sort(c.File, analysis.OrderOptions{Regular: true})
	if !c.keeps(c.got.Places) {
		c.fail("the order changes decisions")
	}
	if !isPermutation(c.got.Places, c.n) {
		c.fail("not each policy is there once")
	}
	c.stuck()
	if c.n <= 5 { // of more there are too many orders
		c.best()
	}
	c.again()
}

func isPermutation(places []int, n int) bool {
	sorted := slices.Sorted(slices.Values(places))
	for i, p := range sorted {
		if p != i {
			return false
		}
	}
	return len(places) == n
}

// stuck checks what is said of policies that stand after more general ones.
func (c *orderCheck) stuck() {
	pairs := map[[2]int]bool{}
	for _, s := range c.got.Stuck {
		for _, g := range s.General {
			pairs[[2]int{g, s.Policy}] = true
		}
		c.reason(s)
	}
	want := c.disorder(c.got.Places)
	for _, pair := range want {
		if !pairs[pair] {
			c.fail("%v is out of order, and isn't said", pair)
		}
	}
	if len(pairs) != len(want) {
		c.fail("out of order are said to be %v, and are %v", pairs, want)
	}
}

// reason checks the request that keeps a policy where it is.
func (c *orderCheck) reason(s analysis.Stuck) {
	if s.Reason == analysis.Unproved {
		return
	}
	last := s.General[len(s.General)-1]
	before, after := analysis.OutcomeOf(c.File, &c.File.Policies[s.By]), analysis.OutcomeOf(c.File, &c.File.Policies[s.Policy])
	if s.Now != before || s.Then != after || s.Now == s.Then {
		c.fail("policy %d: from %v to %v", s.Policy, s.Now, s.Then)
	}
	moved := c.movedBefore(s.Policy, last)
	if got := reordered(c.File, c.got.Places).Decide(s.Request); got < 0 || c.got.Places[got] != s.By {
		c.fail("policy %d: its request isn't decided by policy %d", s.Policy, s.By)
	}
	if got := reordered(c.File, moved).Decide(s.Request); got < 0 || moved[got] != s.Policy {
		c.fail("policy %d: its request isn't decided by it before policy %d", s.Policy, last)
	}
}

// movedBefore returns the order with a policy before another.
func (c *orderCheck) movedBefore(p, before int) []int {
	without := slices.DeleteFunc(slices.Clone(c.got.Places), func(q int) bool { return q == p })
	return slices.Insert(without, slices.Index(without, before), p)
}

func reordered(f *policy.File, places []int) *policy.File {
	out := *f
	out.Policies = nil
	for _, p := range places {
		out.Policies = append(out.Policies, f.Policies[p])
	}
	return &out
}

// best looks for an order that keeps all decisions and has fewer pairs out of
// order of which one matches all that the other does; and whether one has fewer
// other pairs, or as few with less movement.
func (c *orderCheck) best() {
	have, moves := c.count(c.got.Places), inversions(c.got.Places)
	c.permute(make([]int, 0, c.n), func(places []int) {
		if !c.keeps(places) {
			return
		}
		pairs := c.count(places)
		if pairs[0] < have[0] {
			c.fail("%v is better, %v than %v", places, pairs, have)
		}
		if pairs[0] == have[0] && pairs[1] < have[1] {
			c.second = 1
		}
		if pairs == have && inversions(places) < moves {
			c.further = 1
		}
	})
}

// permute calls f with all orders that begin as places does.
func (c *orderCheck) permute(places []int, f func([]int)) {
	if len(places) == c.n {
		f(places)
		return
	}
	for p := range c.n {
		if !slices.Contains(places, p) {
			c.permute(append(places, p), f)
		}
	}
}

// inversions counts the pairs that have changed places.
func inversions(places []int) (n int) {
	for i, p := range places {
		for _, q := range places[i+1:] {
			if q < p {
				n++
			}
		}
	}
	return n
}

// again sorts what is sorted.
func (c *orderCheck) again() {
	f := reordered(c.File, c.got.Places)
	if again := analysis.Sort(f, analysis.OrderOptions{Regular: true}); !slices.IsSorted(again.Places) || len(again.Stuck) != len(c.got.Stuck) {
		c.fail("sorted again: %v", again.Places)
	}
}

// TestSortStretches sorts lists within stretches, and each alone.
func TestSortStretches(t *testing.T) {
	r := rand.New(rand.NewPCG(12, uint64(*orders)))
	moved, separate := 0, 0
	for n := range *orders {
		o := newOrderOracle(bruteforce.RandomList(r, 8))
		options := analysis.OrderOptions{Alone: r.IntN(2) == 0, Stretch: make([]int, o.n)}
		for i := 1; i < o.n; i++ {
			options.Stretch[i] = options.Stretch[i-1] + r.IntN(3)/2
		}
		got := analysis.Sort(o.File, options)
		if !slices.IsSorted(got.Places) {
			moved++
		}
		for _, s := range got.Stuck {
			separate += min(1, int(s.Reason&analysis.Separate))
		}
		if why := o.wrongStretches(got.Places, options); why != "" {
			t.Fatalf("list %d: %v, %v: %s\n%s", n, options, got.Places, why, bruteforce.Show(o.File))
		}
	}
	if t.Logf("%d moved, %d stuck in a stretch", moved, separate); moved < *orders/50 || separate < *orders/50 {
		t.Error("the lists are too much alike")
	}
}

func (o *orderOracle) wrongStretches(places []int, options analysis.OrderOptions) string {
	if !o.keeps(places) {
		return "decisions change"
	}
	for i, p := range places {
		if options.Stretch[i] != options.Stretch[p] {
			return "a policy is moved out of its stretch"
		}
	}
	again := analysis.Sort(reordered(o.File, places), options)
	if !slices.IsSorted(again.Places) {
		return fmt.Sprintf("sorted again: %v", again.Places)
	}
	if !options.Alone {
		return ""
	}
	for m := range o.kinds {
		if !o.keepsEach(places, options.Stretch, m) {
			return "a stretch alone decides something else"
		}
	}
	return ""
}

// keepsEach reports whether each stretch by itself decides a kind of request as
// it did.
func (o *orderOracle) keepsEach(places, stretch []int, m uint64) bool {
	for _, number := range stretch {
		of := func(p int) bool { return stretch[p] != number }
		before, after := slices.DeleteFunc(identity(o.n), of), slices.DeleteFunc(slices.Clone(places), of)
		p, q := first(before, m), first(after, m)
		if p >= 0 && o.Outcome(1<<p) != o.Outcome(1<<q) {
			return false
		}
	}
	return true
}

func identity(n int) []int {
	places := make([]int, n)
	for i := range places {
		places[i] = i
	}
	return places
}

// TestSortKeepsItsBudget sorts with hardly any: what isn't decided stays where
// it is, and is said.
func TestSortKeepsItsBudget(t *testing.T) {
	f := hard(300)
	got := analysis.Sort(f, analysis.OrderOptions{Options: analysis.Options{Budget: 1 << 10}})
	if !slices.IsSorted(got.Places) || len(got.Undecided) < 200 {
		t.Errorf("moved: %t, not decided: %d", !slices.IsSorted(got.Places), len(got.Undecided))
	}
}

func BenchmarkSort(b *testing.B) {
	lists := slices.Concat(natureLists(b), benchLists(b))
	for _, l := range lists {
		b.Run(l.name, func(b *testing.B) {
			b.ReportAllocs()
			var o *analysis.Order
			for b.Loop() {
				o = analysis.Sort(l.f, analysis.OrderOptions{})
			}
			b.ReportMetric(float64(len(l.f.Policies)), "policies")
			b.ReportMetric(float64(len(o.Stuck)), "stuck")
			b.ReportMetric(float64(inversions(o.Places)), "inversions")
			b.ReportMetric(float64(len(o.Undecided)), "undecided")
		})
	}
}

// TestMoved moves as few policies as possible, and of two that change places the
// later one.
func TestMoved(t *testing.T) {
	for _, tt := range []struct{ places, moved []int }{
		{nil, nil},
		{[]int{0, 1, 2}, nil},
		{[]int{1, 0}, []int{1}},
		{[]int{1, 2, 3, 0}, []int{0}},
		{[]int{3, 0, 1, 2}, []int{3}},
		{[]int{4, 0, 3, 1, 2, 5}, []int{4, 3}},
		{[]int{2, 1, 0}, []int{2, 1}},
	} {
		if got := (&analysis.Order{Places: tt.places}).Moved(); !slices.Equal(got, tt.moved) {
			t.Errorf("%v: moved %v, want %v", tt.places, got, tt.moved)
		}
	}
}

// TestSortIrregular sorts lists some of whose patterns aren't regular: those are
// said to be undecided, and what is regular is decided as before.
func TestSortIrregular(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 18))
	texts, moved := stringsUpTo(4), 0
	for range 1_000 / bruteforce.Slowness {
		f := bruteforce.RandomList(r, 8)
		irregular := 0
		for i := range f.Policies {
			if r.IntN(4) == 0 {
				f.Policies[i].Destination = policy.NewText("\u0301" + f.Policies[i].Destination.String())
				if f.Policies[i].Security <= policy.Failed && !analysis.SIDsOf(&f.Policies[i]).Empty() { // else it matches nothing
					irregular++
				}
			}
		}
		got := analysis.Sort(f, analysis.OrderOptions{})
		if len(got.Undecided) < irregular {
			t.Fatalf("%d of %d are undecided\n%s", len(got.Undecided), irregular, bruteforce.Show(f))
		}
		if !slices.IsSorted(got.Places) {
			moved++
		}
		after := reordered(f, got.Places)
		for _, text := range texts {
			q := policy.Request{SID: 1, Passed: r.IntN(2) == 0, Destination: policy.NewText(text)}
			before, _ := analysis.Decision(f, q, false)
			if now, _ := analysis.Decision(after, q, false); now != before {
				t.Fatalf("%v: %q changes\n%s", got.Places, text, bruteforce.Show(f))
			}
		}
	}
	if moved < 50/bruteforce.Slowness {
		t.Errorf("%d lists moved", moved)
	}
}
