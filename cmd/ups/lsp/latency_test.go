package lsp

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"ups/cmd/ups/lsp/protocol"
	"ups/compiler"
	"ups/internal/natures"
	"ups/policy"
)

// keystrokes is how many edits are measured; make lsp-latency makes 500.
var keystrokes = flag.Int("keystrokes", 25, "how many edits TestKeystrokes makes")

// largeSource is a source of 1,500 policies as an operator has them: numbers, hosts
// and services, for all clients, for the protected, or for a few. Under the race
// detector it has fewer.
func largeSource(t testing.TB) string {
	policies := 1500
	if slow {
		policies = 150
	}
	r := rand.New(rand.NewPCG(1, 2))
	f := natures.NewList()
	for i := range policies {
		p := policy.Policy{SIDClasses: policy.AllSIDs, Options: policy.Yes | policy.No}
		switch i % 3 {
		case 0:
			p.Destination = policy.NewText(fmt.Sprintf("+%d%04d*", 1+r.IntN(90), r.IntN(10000)))
		case 1:
			p.Destination = policy.NewText(fmt.Sprintf("*.shop%d.example.com", i))
			p.SIDClasses = policy.ProtectedSIDs
		default:
			p.Destination = policy.NewText(fmt.Sprintf("sms:%d*", i))
			p.SIDs = []uint32{uint32(0x80000000 + r.IntN(50))}
		}
		f.Policies = append(f.Policies, p)
	}
	text, err := compiler.Source(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// keystroke makes an edit of one character in a destination, or takes it back.
func (c *client) keystroke(d *document, i int) *document {
	now := c.now(d)
	at := strings.Index(now.String(), "shop"+fmt.Sprint(3*(i/2%40)+1))
	if i%2 == 0 {
		return c.edit(d.uri, now.Span(at, at), "x")
	}
	return c.edit(d.uri, now.Span(at-1, at), "")
}

// quantiles returns the middle, and what 99 of 100 don't exceed.
func quantiles(all []time.Duration) (p50, p99 time.Duration) {
	slices.Sort(all)
	return all[len(all)/2], all[len(all)*99/100]
}

// TestKeystrokes types in a source of 1,500 policies, each edit when what was found
// after the one before is shown. It says how long the compiler's and lint's
// diagnostics take; what it requires is more than what README claims, since other
// programs may run too.
func TestKeystrokes(t *testing.T) {
	edits := *keystrokes
	c := start(t, "")
	d := c.openText("ups_10000001_10000002.rss", largeSource(t))
	c.shownTwice(d)
	var compiled, linted []time.Duration
	for i := range edits {
		begun := time.Now()
		c.keystroke(d, i)
		first, second := c.shownTwice(d)
		compiled, linted = append(compiled, first.Sub(begun)), append(linted, second.Sub(begun))
	}
	for _, m := range []struct {
		what string
		all  []time.Duration
		most time.Duration
	}{{"compiler", compiled, 250 * time.Millisecond}, {"lint", linted, 1500 * time.Millisecond}} {
		p50, p99 := quantiles(m.all)
		t.Logf("%s: p50 %v, p99 %v, of %d edits", m.what, p50, p99, edits)
		if p50 > m.most && !slow {
			t.Errorf("%s: %v is too long", m.what, p50)
		}
	}
}

// shownTwice waits until what the compiler and what lint found of the newest text is
// shown, and returns when it was.
func (c *client) shownTwice(d *document) (first, second time.Time) {
	c.t.Helper()
	now := c.now(d)
	if !c.eventually(func() bool {
		var times []time.Time
		for i, p := range c.published[d.uri] {
			if p.Version != nil && *p.Version == now.version {
				times = append(times, c.times[d.uri][i])
			}
		}
		if len(times) < 2 {
			return false
		}
		first, second = times[0], times[1]
		c.published[d.uri], c.times[d.uri] = nil, nil
		return true
	}) {
		c.t.Fatal("nothing is shown")
	}
	return first, second
}

// TestMemoryIsSteady makes many edits as fast as they can be sent.
func TestMemoryIsSteady(t *testing.T) {
	edits := 10_000
	if slow {
		edits = 1000
	}
	c := start(t, "")
	d := c.openText("ups_10000001_10000002.rss", list)
	heap := func() uint64 {
		c.wait(d.uri, func(p protocol.PublishDiagnosticsParams) bool {
			return p.Version != nil && *p.Version == c.texts[d.uri].version
		})
		var m runtime.MemStats
		for range 3 {
			runtime.GC()
		}
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	typeFast := func(n int) {
		for i := range n {
			now := c.now(d)
			at := strings.Index(now.String(), "44*")
			if i%2 == 0 {
				c.edit(d.uri, now.Span(at, at), "9")
			} else {
				c.edit(d.uri, now.Span(at-1, at), "")
			}
			c.forget(d)
		}
	}
	typeFast(edits / 10)
	before := heap()
	typeFast(edits)
	if after := heap(); after > before+before/4+2<<20 {
		t.Errorf("the heap grew from %d to %d bytes", before, after)
	}
}

// forget drops what was published of a text, but for the last.
func (c *client) forget(d *document) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := len(c.published[d.uri]); n > 1 {
		c.published[d.uri], c.times[d.uri] = c.published[d.uri][n-1:], c.times[d.uri][n-1:]
	}
}
