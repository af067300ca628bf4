package browser

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

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
	if (!more.hidden) {
		const all = Number(more.textContent.replace(/\D/g, ""));
		more.click();
		while (box.querySelectorAll("tbody tr").length < all) await new Promise((resolve) => setTimeout(resolve, 1));
	}
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

// testedSources are sources of the examples, and of the reference compiler's
// corpus those that include nothing and have the most policies.
func testedSources(t testing.TB) []string {
	t.Helper()
	sources := []string{
		"examples/gallery/ups_20020009_20020091.rss", "examples/handset/ups_20020001_20020011.rss",
		"examples/handset/ups_20020002_20020021.rss", "examples/handset/ups_20020003_20020031.rss",
	}
	corpus, err := filepath.Glob(filepath.Join(root, "compiler/testdata/conformance/random/*.rss"))
	if err != nil || len(corpus) < 100 {
		t.Fatalf("%d sources, %v", len(corpus), err)
	}
	usable := 0
	for _, path := range corpus {
		source, err := filepath.Rel(root, path)
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		r := compiler.Compile(path, text, compiler.Options{})
		if r.Failed() || len(r.File.Policies) < 5 || !utf8.Valid(text) {
			continue
		}
		if sources = append(sources, source); len(sources) == 10 {
			return sources
		}
		usable++
	}
	t.Fatalf("only %d sources of the corpus can be used", usable)
	return nil
}

// TestRequestsInReport types 200 requests into the boxes of a report.
func TestRequestsInReport(t *testing.T) {
	var paths []string
	var lists []*policy.File
	for _, source := range testedSources(t) {
		path, f := compile(t, source)
		paths, lists = append(paths, path), append(lists, f)
	}
	p := open(t, report(t, paths...))
	asked := 0
	for i, path := range paths {
		list := evaluate[int](p, fmt.Sprintf(`Number(document.querySelector('.compiled[data-name=%q]').dataset.list)`, filepath.Base(path)))
		all := requests(lists[i], 25, uint64(i))
		p.check(list, path, all)
		asked += len(all)
	}
	if asked < 200 {
		t.Errorf("only %d requests", asked)
	}
}

// report writes a report, and returns its address.
func report(t testing.TB, paths ...string) (url string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.html")
	run(t, "", append([]string{"report", "-o", path}, paths...)...)
	return "file://" + path
}
