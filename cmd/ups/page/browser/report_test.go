package browser

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestReportLooks looks at a report of the examples as people do, with pictures
// for people to look at.
func TestReportLooks(t *testing.T) {
	for name, path := range map[string]string{"report": "examples/handset/ups_20020002_20020021.rss", "report-mistakes": "examples/gallery", "report-folder": "examples"} {
		url := report(t, filepath.Join(root, path))
		for _, l := range looks {
			t.Run(name+"-"+l.name, func(t *testing.T) {
				p := open(t, url)
				p.view(l)
				if !l.print {
					p.answered()
				}
				p.accessible()
				p.keep(name + "-" + l.name)
				if l.print {
					p.keepPrinted(name)
				}
			})
		}
	}
}

// answered goes to the first box, which answers what it begins with when it is
// seen, and back.
func (p *tab) answered() {
	p.Helper()
	evaluate[any](p, `document.querySelector(".request-box").scrollIntoView()`)
	p.wait(`document.querySelector(".request-answer") && !document.querySelector(".request-answer").hidden`)
	evaluate[any](p, `scrollTo(0, 0)`)
}

// focused describes the element that has the focus: what it is, its name, and
// whether a person sees that it has it.
const focused = `(() => {
	const e = document.activeElement;
	if (e === document.body) return null;
	const style = getComputedStyle(e), holder = e.closest(".editor, .open") ?? e, around = getComputedStyle(holder);
	const own = e.getAttribute("role") === "treeitem" ? getComputedStyle(e.firstElementChild) : style;
	return {
		what: (e.getAttribute("role") ?? e.localName) + (e.id ? "#" + e.id : "") + (e.className ? "." + String(e.className).split(" ")[0] : ""),
		name: e.getAttribute("aria-label") ?? e.labels?.[0]?.textContent ?? e.textContent,
		seen: [own, around].some((s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2),
	};
})()`

// stop is where the Tab key stops.
type stop struct {
	What, Name string
	Seen       bool
}

// walk presses the Tab key until the focus is at its begin again.
func (p *tab) walk() (stops []stop) {
	p.Helper()
	for range 300 {
		p.do(chromedp.KeyEvent("\t"))
		s := evaluate[*stop](p, focused)
		if s == nil {
			return stops
		}
		if strings.TrimSpace(s.Name) == "" || !s.Seen {
			p.Errorf("%s, named %q: its focus is seen: %v", s.What, s.Name, s.Seen)
		}
		stops = append(stops, *s)
	}
	p.Fatalf("the Tab key doesn't come to the end: %+v", stops[len(stops)-3:])
	return nil
}

// among holds that some stops come in this order, among others.
func (p *tab) among(stops []stop, want ...string) {
	p.Helper()
	for _, s := range stops {
		if len(want) > 0 && strings.HasPrefix(s.What, want[0]) {
			want = want[1:]
		}
	}
	if len(want) > 0 {
		p.Errorf("the Tab key doesn't come to %s; it stops at %+v", want[0], stops)
	}
}

// TestReportByKeyboard walks through a report, and uses its parts by keys alone.
func TestReportByKeyboard(t *testing.T) {
	p := open(t, report(t, filepath.Join(root, "examples/handset/ups_20020002_20020021.rss")))
	p.answered()
	if policy := evaluate[string](p, `document.querySelector(".request-box").dataset.policy`); policy != "7" {
		t.Errorf("the box begins with a request of policy %s, want the last", policy)
	}
	p.among(p.walk(), "a.skip", "slider.cursor", "input#request-0-client", "input#request-0-destination", "input", "summary", "treeitem")

	lit := func() string { return evaluate[string](p, `document.querySelector("tr.lit")?.dataset.policy ?? ""`) }
	last := evaluate[string](p, `document.querySelector("svg").dataset.columns.split(",").at(-1).split(" ")[0]`)
	p.focus(".cursor")
	for i, key := range []string{kb.Home, kb.ArrowRight, kb.End, kb.Home} {
		p.do(chromedp.KeyEvent(key))
		if want := []string{"1", "2", last, "1"}[i]; lit() != want {
			t.Errorf("key %d lights policy %q up, want %s", i, lit(), want)
		}
	}
	said := evaluate[string](p, `document.querySelector(".cursor").getAttribute("aria-valuetext")`)
	if !strings.HasPrefix(said, "policy 1, ") {
		t.Errorf("a screen reader says %q", said)
	}
	p.do(chromedp.KeyEvent(kb.Escape))
	if lit() != "" {
		t.Errorf("Escape leaves policy %s lit", lit())
	}

	p.focus("#request-0-destination")
	evaluate[any](p, `void document.querySelector("#request-0-destination").select()`)
	p.do(chromedp.KeyEvent("sms:+447700900001"))
	p.wait(`document.querySelector(".request-box").dataset.policy === document.querySelector("tr.lit")?.dataset.policy`)
	p.focus(`input[name=security]:checked`)
	p.do(chromedp.KeyEvent(kb.ArrowDown))
	if !evaluate[bool](p, `document.querySelector("input[value=passed]").checked`) {
		t.Error("the arrow keys don't choose the result of the check")
	}
}

// focus gives an element the focus.
func (p *tab) focus(selector string) {
	p.Helper()
	evaluate[any](p, fmt.Sprintf(`void document.querySelector(%q).focus()`, selector))
}
