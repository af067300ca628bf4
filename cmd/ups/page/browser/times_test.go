package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"

	"ups/compiler"
	"ups/internal/natures"
	"ups/internal/rsc"
	"ups/policy"
)

// What a person notices, in milliseconds. Tests allow more, since other processes
// share the machine that they run on.
const (
	paintTime    = 1000
	responseTime = 50
	allowance    = 4
)

// longList returns the list of 1,500 policies of a nature.
func longList(t testing.TB, name string) *policy.File {
	t.Helper()
	for _, n := range natures.All() {
		if n.Name == name {
			return n.List(1500)
		}
	}
	t.Fatalf("no nature %s", name)
	return nil
}

// median returns the middle of some times.
func median(times []float64) float64 {
	slices.Sort(times)
	return times[len(times)/2]
}

// within reports a time, and that it is more than is allowed.
func within(t *testing.T, what string, times []float64, limit float64) {
	t.Helper()
	m := median(times)
	t.Logf("%s: %.0f ms, %.0f at most, of %d", what, m, slices.Max(times), len(times))
	if m > allowance*limit {
		t.Errorf("%s: %.0f ms, and %.0f are wanted", what, m, limit)
	}
}

// firstPaint returns when something of the page was seen first.
func (p *tab) firstPaint() float64 {
	p.Helper()
	p.wait(`performance.getEntriesByName("first-contentful-paint").length > 0`)
	return evaluate[float64](p, `performance.getEntriesByName("first-contentful-paint")[0].startTime`)
}

// respond is a function that does something, and returns how long it took until
// the page was drawn again.
const respond = `(act) => new Promise((resolve) => requestAnimationFrame(() => {
	const begin = performance.now();
	act();
	document.body.getBoundingClientRect();
	const channel = new MessageChannel();
	channel.port1.onmessage = () => resolve(performance.now() - begin);
	requestAnimationFrame(() => channel.port2.postMessage(0));
}))`

// repeat does something some times, of which the first don't count.
func (p *tab) repeat(n int, act string) []float64 {
	p.Helper()
	return evaluate[[]float64](p, fmt.Sprintf(`(async () => {
		const respond = %s, times = [];
		for (let i = 0; i < %d; i++) times.push(await respond(() => { %s }));
		return times.slice(3);
	})()`, respond, n+3, act))
}

// keys presses keys, and returns how long each took until the page was drawn, as
// the browser measures it (Event Timing), in steps of 8 ms. It tells of none that
// took less than 16.
func (p *tab) keys(n int) []float64 {
	p.Helper()
	evaluate[any](p, `globalThis.slow = []; new PerformanceObserver((list) => {
		for (const e of list.getEntries()) if (e.name === "keypress") slow.push(e.duration);
	}).observe({type: "event", durationThreshold: 16}); 0`)
	for range n {
		p.do(chromedp.KeyEvent(" "))
	}
	p.drawn()
	times := evaluate[[]float64](p, `slow`)
	for len(times) < n {
		times = append(times, 16)
	}
	return times
}

// typing is a function that types a destination, and returns how long it took
// until its answer was there.
const typing = `async (text) => {
	const box = document.querySelector(".request-box"), input = box.querySelector("input[name=destination]");
	const shown = new Promise((resolve) => new MutationObserver((_, o) => { o.disconnect(); resolve(); }).observe(box.querySelector("tbody"), {childList: true}));
	const begin = performance.now();
	input.value = text;
	input.dispatchEvent(new Event("input", {bubbles: true}));
	await shown;
	return performance.now() - begin;
}`

func (p *tab) answers(n int) []float64 {
	p.Helper()
	return evaluate[[]float64](p, fmt.Sprintf(`(async () => {
		const type = %s, times = [];
		for (let i = 0; i < %d; i++) times.push(await type("+44" + i));
		return times.slice(3);
	})()`, typing, n+3))
}

// TestTimesOfReport measures a report of 1,500 policies.
func TestTimesOfReport(t *testing.T) {
	content, err := rsc.Encode(longList(t, "keywords"))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "long.rsc")
	if err := os.WriteFile(path, content, 0o666); err != nil {
		t.Fatal(err)
	}
	url := report(t, path)
	var paints []float64
	var p *tab
	for range 3 {
		p = open(t, url)
		paints = append(paints, p.firstPaint())
	}
	within(t, "first paint", paints, paintTime)
	p.answered()
	within(t, "an arrow key in the picture", p.repeat(20, `document.querySelector(".cursor").dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowRight", bubbles: true}))`), responseTime)
	within(t, "typing in the box", p.repeat(20, `document.querySelector("input[name=destination]").dispatchEvent(new Event("input", {bubbles: true}))`), responseTime)
	within(t, "an answer", p.answers(20), responseTime)
}

// TestTimesOfPlay measures the playground with a source of 1,500 policies.
func TestTimesOfPlay(t *testing.T) {
	url := servePlay(t)
	var paints []float64
	var p *tab
	for range 3 {
		p = open(t, url)
		paints = append(paints, p.firstPaint())
	}
	within(t, "first paint", paints, paintTime)
	source, err := compiler.Source(longList(t, "keywords"))
	if err != nil {
		t.Fatal(err)
	}
	p.put("long.rss", map[string]string{"long.rss": string(source)})
	p.wait(`document.querySelector(".verdict-text").textContent.includes("1500")`)
	p.drawn()
	within(t, "an answer", p.answers(20), responseTime)
	within(t, "an arrow key in the picture", p.repeat(20, `document.querySelector(".cursor").dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowRight", bubbles: true}))`), responseTime)
	p.focus("#source")
	within(t, "a key in the source", p.keys(20), responseTime)
	begin := evaluate[float64](p, `(playground.changed(), performance.now())`)
	p.drawn()
	t.Logf("lint and the picture, after the last key: %.0f ms", evaluate[float64](p, `performance.now()`)-begin)
}
