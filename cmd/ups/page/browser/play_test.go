package browser

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// servePlay runs ups play until the end of the test, and returns its address.
func servePlay(t testing.TB) (url string) {
	t.Helper()
	cmd := exec.Command(ups, "play")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}

// drawn waits until what was typed last is looked at.
func (p *tab) drawn() {
	p.Helper()
	p.wait(`document.body.dataset.version === String(playground.version)`)
}

// put puts sources into the playground, as a link does.
func (p *tab) put(name string, files map[string]string) {
	p.Helper()
	text, err := json.Marshal(map[string]any{"name": name, "files": files})
	if err != nil {
		p.Fatal(err)
	}
	p.do(chromedp.Steps(discard(chromedp.Evaluate[any](fmt.Sprintf("void playground.open(%s)", text)))))
	p.wait(`playground.editor.text.length > 0`)
}

// discard runs an action for its effect.
func discard[T any](a chromedp.Action[T]) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := a(ctx, t)
		return err
	})
}

// folder reads a source of the examples and its headers.
func folder(t testing.TB, source string) (name string, files map[string]string) {
	t.Helper()
	files = map[string]string{}
	path := filepath.Join(root, source)
	headers, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*.rh"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(headers, path) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(file)] = string(text)
	}
	return filepath.Base(path), files
}

// TestRequestsInPlayground types 200 requests into the playground, over sources of
// the examples and of the reference compiler's corpus.
func TestRequestsInPlayground(t *testing.T) {
	p := open(t, servePlay(t))
	p.drawn()
	asked := 0
	for i, source := range testedSources(t) {
		_, f := compile(t, source)
		name, files := folder(t, source)
		p.put(name, files)
		p.wait(fmt.Sprintf(`document.querySelector(".request-lines dd:nth-of-type(2)")?.textContent.startsWith(%q)`, name+","))
		all := requests(f, 25, uint64(100+i))
		p.check(0, filepath.Join(root, source), all)
		asked += len(all)
	}
	if asked < 200 {
		t.Errorf("only %d requests", asked)
	}
}

// TestProblems types a source with a mistake, and goes to it by keyboard.
func TestProblems(t *testing.T) {
	p := open(t, servePlay(t))
	p.drawn()
	name, files := folder(t, "examples/embed/policies/ups_101f7f1f_1000a00a.rss")
	files[name] = strings.Replace(files[name], "KNo", "KNoo", 1)
	p.put(name, files)
	p.wait(`document.querySelector("#problems .error")`)
	first := evaluate[string](p, `document.querySelector("#problems li").textContent`)
	if !strings.Contains(first, "KNoo is not defined") || !strings.Contains(first, "did you mean KNo?") {
		t.Errorf("the first problem: %s", first)
	}
	if stale := evaluate[bool](p, `!document.getElementById("stale").hidden`); !stale {
		t.Error("it isn't said that the picture is of before")
	}
	if marked := evaluate[string](p, `document.querySelector(".marks mark.error").textContent`); marked != "KNoo" {
		t.Errorf("marked: %q", marked)
	}
	p.do(chromedp.Steps(discard(chromedp.Evaluate[any](`document.querySelector("#problems button").focus()`)), chromedp.KeyEvent("\r")))
	selected := evaluate[string](p, `getSelection().toString() || playground.editor.text.slice(playground.editor.area.selectionStart, playground.editor.area.selectionEnd)`)
	if selected != "KNoo" {
		t.Errorf("selected: %q", selected)
	}
	p.do(chromedp.KeyEvent("KNo"))
	p.wait(`document.getElementById("summary").textContent.startsWith("No errors")`)
	if stale := evaluate[bool](p, `!document.getElementById("stale").hidden`); stale {
		t.Error("the picture is still said to be of before")
	}
}

// TestSameFindings holds that the playground says what ups lint says.
func TestSameFindings(t *testing.T) {
	p := open(t, servePlay(t))
	source := "examples/gallery/ups_20020009_20020091.rss"
	name, files := folder(t, source)
	p.put(name, files)
	p.drawn()
	evaluate[any](p, `document.getElementById("more").hidden || document.getElementById("more").click()`)
	var report struct {
		Diagnostics []struct{ Code, Message string }
	}
	cmd := exec.Command(ups, "lint", "--format", "json", "--fail-level", "error", filepath.Join(root, source))
	out, _ := cmd.Output() // the status is of the findings
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, d := range report.Diagnostics {
		want = append(want, d.Message+" "+d.Code)
	}
	got := evaluate[[]string](p, `[...document.querySelectorAll("#problems li > p:first-child")].map((e) => e.textContent.replace(/^\w+ /, ""))`)
	if len(want) < 5 || strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the playground says\n%s\nups lint says\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestLink shares sources by a link, and opens damaged and large ones.
func TestLink(t *testing.T) {
	url := servePlay(t)
	p := open(t, url)
	p.drawn()
	const text = "// Ünïcode <b> & 😀\n"
	p.put("a.rss", map[string]string{"a.rss": text + "#include \"b.rh\"\n", "b.rh": "// header\n"})
	evaluate[any](p, `playground.box.fill({client: "0x80000007", destination: "+49", passed: true, fromROM: true}, false)`)
	link := evaluate[string](p, `playground.share().then(() => location.href)`)
	if said := evaluate[string](p, `document.getElementById("shared").textContent`); !strings.Contains(said, "doesn't send what stands after the #") {
		t.Errorf("said: %s", said)
	}
	other := open(t, link)
	other.wait(`typeof playground !== "undefined" && playground.file === "a.rss" && playground.editor.text.includes("b.rh")`)
	got := evaluate[[]any](other, `[playground.editor.text.slice(0, 20), playground.sources.files["b.rh"], playground.box.typed()]`)
	if want := fmt.Sprint([]any{text[:len(text)-1] + "\n", "// header\n", map[string]any{"client": "0x80000007", "destination": "+49", "passed": true, "fromROM": true}}); fmt.Sprint(got) != want {
		t.Errorf("the link opens %v, want %s", got, want)
	}
	large := evaluate[string](p, `pack({name: "a", files: {a: " ".repeat(3 << 20)}})`)
	for fragment, want := range map[string]string{
		"%00": "damaged", "AAAA": "damaged", "not base64": "damaged", strings.Repeat("A", 1<<16+1): "more than a playground takes", large: "more than a playground takes",
		evaluate[string](p, `pack({name: "../a", files: {"../a": ""}})`): "damaged", evaluate[string](p, `pack([1])`): "damaged",
	} {
		evaluate[any](other, fmt.Sprintf(`document.getElementById("shared").textContent = ""; location.hash = %q`, fragment))
		other.wait(fmt.Sprintf(`document.getElementById("shared").textContent.includes(%q)`, want))
	}
}

// TestPlayByKeyboard walks through the playground, types a policy and asks about it
// by keys alone.
func TestPlayByKeyboard(t *testing.T) {
	p := open(t, servePlay(t))
	p.drawn()
	p.wait(`!document.querySelector(".request-answer").hidden`)
	p.among(p.walk(), "a.skip", "select#example", "select#file", "input#open", "button#share", "textarea#source", "slider.cursor", "input#request-0-client", "summary")

	p.put("a.rss", map[string]string{"a.rss": "x"})
	p.wait(`document.querySelector("#problems .error")`)
	p.focus("#source")
	evaluate[any](p, `playground.editor.area.select()`)
	p.do(chromedp.KeyEvent("#include <ups/policies.rh>\rUID2 KUidUpsPolicyResourceFile\rUID3 1\rRESOURCE POLICIES p { header = POLICY_HEADER { dialogcreator = 1; };\r" +
		"policies = { POLICY { destination = \"a*\"; options = KYes; } }; }"))
	p.wait(`document.querySelector("#problems .error") === null`)
	p.drawn()
	p.focus("#request-0-destination")
	p.do(chromedp.KeyEvent("ab"))
	p.wait(`document.querySelector(".verdict-text").textContent === "Policy 1 of 1 decides (line 5)"`)
}

// TestOpenFiles opens files as a person's choice would.
func TestOpenFiles(t *testing.T) {
	p := open(t, servePlay(t))
	p.drawn()
	for files, want := range map[string]string{
		`[new File(["// é\r\n"], "b.rss"), new File(["// h"], "h.rh")]`: "",
		`[new File(["x"], "h.rh")]`:                                     "Open one source",
		`[]`:                                                            "Open one source",
		`[new File([new Uint8Array([0x2f, 0x2f, 0xe9])], "c.rss")]`: "c.rss isn't UTF-8",
		`[new File(["x".repeat(2 << 20)], "d.rss")]`:                "1 MiB at most",
		`[new File(["x"], "<b>.rss")]`:                              "Open one source",
	} {
		said := evaluate[string](p, fmt.Sprintf(`playground.read(%s).then(() => document.getElementById("shared").textContent)`, files))
		if !strings.Contains(said, want) || want == "" && said != "" {
			t.Errorf("%s: %q, want %q", files, said, want)
		}
	}
	if got := evaluate[string](p, `playground.file + JSON.stringify(playground.sources.files)`); got != `b.rss{"b.rss":"// é\r\n","h.rh":"// h"}` {
		t.Errorf("opened: %s", got)
	}
}

// TestPlayFromDisk opens the page that ups play -d writes, and asks.
func TestPlayFromDisk(t *testing.T) {
	dir := t.TempDir()
	run(t, "", "play", "-d", dir)
	p := open(t, "file://"+filepath.Join(dir, "index.html"))
	p.drawn()
	p.wait(`document.querySelector(".verdict-text").textContent === "Policy 5 of 5 decides (line 59)"`)
	if said := evaluate[string](p, `playground.share().then(() => document.getElementById("shared").textContent)`); !strings.HasPrefix(said, "The link is ") {
		t.Errorf("said: %s", said)
	}
}

func TestPlayLooks(t *testing.T) {
	url := servePlay(t)
	for _, l := range looks {
		t.Run(l.name, func(t *testing.T) {
			p := open(t, url)
			p.view(l)
			p.drawn()
			p.wait(`!document.querySelector(".request-answer").hidden`)
			p.accessible()
			p.keep("play-" + l.name)
			name, files := folder(t, "examples/gallery/ups_20020009_20020091.rss")
			p.put(name, files)
			p.drawn()
			evaluate[any](p, `document.getElementById("policies").open = true`)
			p.accessible()
			p.keep("play-problems-" + l.name)
		})
	}
}
