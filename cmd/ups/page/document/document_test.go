package document

import (
	"crypto/sha256"
	"encoding/base64"
	"html"
	"html/template"
	"regexp"
	"strings"
	"testing"
)

var (
	element = regexp.MustCompile(`(?s)<(script|style)>(.*?)</(?:script|style)>`)
	meta    = regexp.MustCompile(`http-equiv="Content-Security-Policy" content="([^"]*)"`)
)

func mustRender(t *testing.T, p Page) string {
	t.Helper()
	b, err := p.Render()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestPolicyHasHashes holds that every script and style of the page, as it was
// written, is one that its policy lets run.
func TestPolicyHasHashes(t *testing.T) {
	inline := "rect { fill: red } /* \" ' & < */"
	page := mustRender(t, Page{
		Title: `a "title" <b>`, Style: "body { color: red } a > b {}", Inline: []string{inline},
		Body:    template.HTML("<svg><style>" + inline + "</style></svg>"),
		Scripts: []string{"let a = 1 < 2 && \"'\";\n", "\"use strict\";"},
	})
	policy := html.UnescapeString(meta.FindStringSubmatch(page)[1])
	found := element.FindAllStringSubmatch(page, -1)
	if len(found) != 4 {
		t.Fatalf("%d scripts and styles in %s", len(found), page)
	}
	for _, m := range found {
		sum := sha256.Sum256([]byte(m[2]))
		hash := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
		directive := regexp.MustCompile(m[1] + `-src [^;]*` + regexp.QuoteMeta(hash))
		if !directive.MatchString(policy) {
			t.Errorf("%s isn't let run by %s", m[0], policy)
		}
	}
	if !strings.HasPrefix(policy, "default-src 'none'; ") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "blob:") {
		t.Errorf("policy %s", policy)
	}
	if !strings.Contains(page, "<title>a &#34;title&#34; &lt;b&gt;</title>") {
		t.Errorf("the title isn't escaped: %s", page)
	}
}

func TestModules(t *testing.T) {
	policy := (&Page{Modules: true}).Policy()
	if !strings.Contains(policy, "script-src 'wasm-unsafe-eval'; ") || !strings.Contains(policy, "; worker-src blob:; ") {
		t.Errorf("policy %s", policy)
	}
}

func TestNoScripts(t *testing.T) {
	if policy := (&Page{}).Policy(); !strings.Contains(policy, "script-src 'none'; ") {
		t.Errorf("policy %s", policy)
	}
}

func TestScriptWithEndTagIsRefused(t *testing.T) {
	p := Page{Scripts: []string{`document.write("</script>")`}}
	if _, err := p.Render(); err == nil {
		t.Error("a script ends itself")
	}
}

func TestTailIsLast(t *testing.T) {
	page := mustRender(t, Page{Body: "<main></main>", Scripts: []string{"1"}, Tail: "<b>tail</b>"})
	order := regexp.MustCompile(`(?s)<main></main>.*<script>1</script>.*<b>tail</b>\s*</body>\s*</html>\s*$`)
	if !order.MatchString(page) {
		t.Errorf("order: %s", page)
	}
}
