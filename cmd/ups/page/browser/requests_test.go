package browser

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"html/template"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"ups/cmd/ups/page/document"
	"ups/cmd/ups/page/request"
	"ups/cmd/ups/page/wasm"
	"ups/compiler"
	"ups/policy"
)

// typed is a request that a test types.
type typed struct {
	Client      string `json:"client"`
	Destination string `json:"destination"`
	Security    string `json:"security"`
	Drive       string `json:"drive"`
}

// requests makes requests near to those that a list decides: their destinations
// are its patterns, with something in the place of wildcards.
func requests(f *policy.File, n int, seed uint64) []typed {
	r := rand.New(rand.NewPCG(seed, 7))
	sids := []uint32{0x20000001, 0x80000001, 0xF0000001}
	patterns := []string{"", "x"}
	for _, p := range f.Policies {
		sids = append(sids, p.SIDs...)
		patterns = append(patterns, p.Destination.String())
	}
	pick := func(texts []string) string { return texts[r.IntN(len(texts))] }
	out := make([]typed, n)
	for i := range out {
		fill := strings.NewReplacer("*", pick([]string{"", "7", "a.b"}), "?", pick([]string{"5", "é"}))
		out[i] = typed{
			fmt.Sprintf("0x%08x", sids[r.IntN(len(sids))]), fill.Replace(pick(patterns)) + pick([]string{"", "", "9"}),
			pick([]string{"passed", "failed"}), pick([]string{"c", "z"}),
		}
	}
	return out
}

// matched returns what ups match --explain answers to each request, as JSON.
func matched(t testing.TB, path string, asked []typed) []map[string]any {
	t.Helper()
	var lines bytes.Buffer
	enc := json.NewEncoder(&lines)
	for _, q := range asked {
		if err := enc.Encode(q); err != nil {
			t.Fatal(err)
		}
	}
	out := run(t, lines.String(), "match", path, "--batch", "-", "--explain")
	var answers []map[string]any
	for s := bufio.NewScanner(bytes.NewReader(out)); s.Scan(); {
		var a map[string]any
		if err := json.Unmarshal(s.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		answers = append(answers, a)
	}
	if len(answers) != len(asked) {
		t.Fatalf("%d answers to %d requests", len(answers), len(asked))
	}
	return answers
}

// boxPage writes a page that has request boxes alone, one for each compiled file.
func boxPage(t testing.TB, compiled ...string) (url string) {
	t.Helper()
	var body strings.Builder
	for i, path := range compiled {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&body, `<div class="request-box" data-list="%d" hidden></div><script type="application/octet-stream;base64" class="compiled" data-list="%d" data-name="%s">%s</script>`,
			i, i, html.EscapeString(path), base64.StdEncoding.EncodeToString(content))
	}
	page := document.Page{
		Title: "Boxes", Style: request.Style, Body: template.HTML(body.String()), Scripts: []string{request.Engine, request.Box},
		Tail: request.Tail(wasm.Decide), Modules: true,
	}
	content, err := page.Render()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(path, content, 0o666); err != nil {
		t.Fatal(err)
	}
	return "file://" + path
}

// compile compiles a source of the project, and returns the file and the list.
func compile(t testing.TB, source string) (path string, f *policy.File) {
	t.Helper()
	source = filepath.Join(root, source)
	text, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	r := compiler.Compile(source, text, compiler.Options{})
	if r.Failed() {
		t.Fatal(r.Diagnostics)
	}
	path = filepath.Join(t.TempDir(), strings.TrimSuffix(filepath.Base(source), ".rss")+".rsc")
	if err := os.WriteFile(path, r.Bytes, 0o666); err != nil {
		t.Fatal(err)
	}
	return path, r.File
}

// ask types a request into the box of a list as a person would, and returns what
// it shows: the answer's parts, as far as they can be seen.
const ask = `async (list, q) => {
	const box = document.querySelector('.request-box[data-list="' + list + '"]');
	const fields = box.querySelector("form").elements;
	box.querySelector(".request-answer").hidden = true;
	fields.client.value = q.client;
	fields.destination.value = q.destination;
	fields.security.value = q.security;
	fields.rom.checked = q.drive === "z";
	fields.destination.dispatchEvent(new Event("input", {bubbles: true}));
	for (let left = 20000; box.querySelector(".request-answer").hidden; left--) {
		if (left === 0) throw new Error("no answer: " + box.querySelector(".request-status").textContent);
		await new Promise((resolve) => setTimeout(resolve, 1));
	}
	const more = box.querySelector(".request-more");
	if (!more.hidden) more.click();
	return {
		policy: box.dataset.policy,
		earlier: [...box.querySelectorAll("tbody tr")].map((row) => [...row.cells].map((cell) => cell.textContent)),
		verdict: box.querySelector(".verdict").dataset.kind,
	};
}`

// shown is what a box shows.
type shown struct {
	Policy  string
	Earlier [][]string
	Verdict string
}

// wanted is what a box has to show for what ups match answered.
func wanted(a map[string]any) shown {
	s := shown{Policy: "default", Earlier: [][]string{}, Verdict: "ask"}
	if n, ok := a["policy"].(float64); ok {
		s.Policy = fmt.Sprint(n)
	}
	parts := map[any]string{true: "✓ meets", false: "✕ misses"}
	for _, e := range a["earlier"].([]any) {
		e := e.(map[string]any)
		s.Earlier = append(s.Earlier, []string{fmt.Sprint(e["policy"]), parts[e["sid"]], parts[e["destination"]], parts[e["security"]], fmt.Sprint(e["why"])})
	}
	decision, _ := a["decision"].(string)
	switch {
	case a["clientLibrary"] == "allow", a["clientLibrary"] == "ask" && strings.HasSuffix(decision, "yes"):
		s.Verdict = "allow"
	case a["clientLibrary"] == "reject", strings.HasSuffix(decision, "no"):
		s.Verdict = "deny"
	}
	return s
}

// check types requests into the box of a list, and holds what it shows against
// what ups match says.
func (p *tab) check(list int, path string, asked []typed) {
	p.Helper()
	differ := 0
	for i, a := range matched(p, path, asked) {
		q, err := json.Marshal(asked[i])
		if err != nil {
			p.Fatal(err)
		}
		got := evaluate[shown](p, fmt.Sprintf("(%s)(%d, %s)", ask, list, q))
		if want := wanted(a); !reflect.DeepEqual(got, want) {
			if differ++; differ < 5 {
				p.Errorf("%s: the page shows\n%+v\nups match says\n%+v", q, got, want)
			}
		}
	}
}

// TestRequestsInBox types 200 requests into boxes over lists of the examples and
// of the reference compiler's corpus.
func TestRequestsInBox(t *testing.T) {
	sources := []string{
		"examples/gallery/ups_20020009_20020091.rss", "examples/handset/ups_20020001_20020011.rss",
		"examples/handset/ups_20020003_20020031.rss",
	}
	random, err := filepath.Glob(filepath.Join(root, "compiler/testdata/conformance/random/*.rss"))
	if err != nil || len(random) < 100 {
		t.Fatalf("%d sources, %v", len(random), err)
	}
	var paths []string
	var lists []*policy.File
	for _, source := range sources {
		path, f := compile(t, source)
		paths, lists = append(paths, path), append(lists, f)
	}
	page := open(t, boxPage(t, paths...))
	asked := 0
	for i, f := range lists {
		all := requests(f, 70, uint64(i))
		page.check(i, paths[i], all)
		asked += len(all)
	}
	if asked < 200 {
		t.Errorf("only %d requests", asked)
	}
}
