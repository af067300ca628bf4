package browser

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestModuleRefuses calls the module with what it can't take. Each call is refused
// with a reason, and the next one is answered.
func TestModuleRefuses(t *testing.T) {
	p := open(t, servePlay(t))
	p.drawn()
	for call, want := range map[string]string{
		`"answer"`:    "an argument is missing",
		`"answer", 0`: "an argument is missing",
		`"answer", 0, 25, -1, true, "c", new Uint8Array(2)`:      "want a whole number of 32 bits",
		`"answer", 0, 25, 1.5, true, "c", new Uint8Array(2)`:     "want a whole number of 32 bits",
		`"answer", 0, 25, "1", true, "c", new Uint8Array(2)`:     "is of type string, want number",
		`"answer", 0, 25, 1, 1, "c", new Uint8Array(2)`:          "is of type number, want boolean",
		`"answer", 0, 25, 1, true, "x", new Uint8Array(2)`:       "want z or c",
		`"answer", 0, 25, 1, true, "c", new Uint8Array(2050)`:    "more than 1024 UTF-16 units",
		`"answer", 0, 25, 1, true, "c", new Uint8Array(1 << 20)`: "at most 2050 are taken",
		`"answer", 0, 25, 1, true, "c", [1, 2]`:                  "is no Uint8Array",
		`"answer", 7, 25, 1, true, "c", new Uint8Array(2)`:       "there is no list 7",
		`"load", 1, "a.rsc", new Uint8Array(100)`:                "a.rsc: ",
		`"load", 1, "a.rsc", new Uint8Array((1 << 20) + 1)`:      "are taken",
		`"load", 1, "a".repeat(5000), new Uint8Array(100)`:       "at most 4096 are taken",
		`"compile", 5`:                       "is of type number, want string",
		`"compile", "{"`:                     "aren't JSON",
		`"compile", "x".repeat(8 << 20)`:     "are taken",
		`"compile", '{"name":"a"}'`:          `there is no file "a"`,
		`"look", '{"name":"","files":null}'`: `there is no file ""`,
		`"nosuch"`:                           "TypeError",
	} {
		said := evaluate[string](p, fmt.Sprintf(`playground.quick.call(%s).then(() => "it is taken", (error) => error.message)`, call))
		if !strings.Contains(said, want) {
			t.Errorf("%s: %s, want %s", call, said, want)
		}
	}
	if policies := evaluate[int](p, `playground.quick.call("answer", 0, 25, 1, true, "c", new Uint8Array(0)).then(({answer}) => answer.policies)`); policies != 5 {
		t.Errorf("%d policies, want 5", policies)
	}
}

// TestWorkerIsReplaced ends the worker of a report, as a call that takes too long
// does: what waits is told, and the next request is answered by a new worker.
func TestWorkerIsReplaced(t *testing.T) {
	path := filepath.Join(root, "examples/handset/ups_20020001_20020011.rss")
	_, f := compile(t, "examples/handset/ups_20020001_20020011.rss")
	p := open(t, report(t, path))
	p.answered()
	said := evaluate[string](p, `(() => {
		const engine = reportEngine, answer = engine.call("answer", 0, 25, 1, true, "c", new Uint8Array(0));
		return engine.ready().then(() => { engine.fail("given up"); return answer; }).then(() => "answered", (error) => error.message);
	})()`)
	if said != "given up" {
		t.Errorf("what waits is told: %s", said)
	}
	p.check(0, path, requests(f, 10, 3))
}

// TestLatest holds that of work that comes while other work runs, only the newest
// is done.
func TestLatest(t *testing.T) {
	p := open(t, report(t, filepath.Join(root, "examples/handset/ups_20020001_20020011.rss")))
	done := evaluate[[]int](p, `(async () => {
		const done = [], run = latest(async (n) => { await new Promise((resolve) => setTimeout(resolve, 5)); done.push(n); });
		const all = [];
		for (let i = 0; i < 50; i++) all.push(run(i));
		await Promise.all(all);
		return done;
	})()`)
	if fmt.Sprint(done) != "[0 49]" {
		t.Errorf("done: %v", done)
	}
}

// TestModuleCompilesTheCorpus holds that the module makes the bytes of the reference
// compiler of the sources of its corpus, and refuses what it refuses.
func TestModuleCompilesTheCorpus(t *testing.T) {
	p := open(t, servePlay(t))
	p.drawn()
	compiled, refused := 0, 0
	for _, source := range corpus(t) {
		text, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		if !utf8.Valid(text) || bytes.Contains(text, []byte(`#include "`)) {
			continue
		}
		want, err := os.ReadFile(strings.TrimSuffix(source, ".rss") + ".rsc")
		if err != nil {
			want, refused = nil, refused+1
		}
		name := "ups_00000001_00000002.rss"
		sources, err := json.Marshal(map[string]any{"name": name, "files": map[string]string{name: string(text)}})
		if err != nil {
			t.Fatal(err)
		}
		got := evaluate[string](p, fmt.Sprintf(`playground.quick.call("compile", JSON.stringify(%s)).then(({compiled}) => compiled ?? "")`, sources))
		if compiled++; got != base64.StdEncoding.EncodeToString(want) {
			t.Errorf("%s: %s, want %d bytes", source, got, len(want))
		}
	}
	if compiled < 200 || refused < 20 {
		t.Errorf("only %d sources of the corpus, of which %d are refused", compiled, refused)
	}
}

// corpus returns the paths of the sources.
func corpus(t testing.TB) []string {
	t.Helper()
	var all []string
	for _, folder := range []string{"accept", "random", "reject"} {
		paths, err := filepath.Glob(filepath.Join(root, "compiler/testdata/conformance", folder, "*.rss"))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, paths...)
	}
	return all
}
