package browser

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// hostileSources are such as a link may bring: they have what makes a compiler slow,
// deep or large.
func hostileSources() map[string]string {
	const head = "#include <ups/policies.rh>\nUID2 KUidUpsPolicyResourceFile\nUID3 1\n"
	var macros strings.Builder
	macros.WriteString(head + "#define A0 POLICY { options = KYes; },\n")
	for i := range 30 {
		fmt.Fprintf(&macros, "#define A%d A%d A%d\n", i+1, i, i)
	}
	macros.WriteString("RESOURCE POLICIES p { header = POLICY_HEADER { dialogcreator = 1; }; policies = { A30 }; }\n")
	return map[string]string{
		"macros":      macros.String(),
		"parentheses": head + "#if " + strings.Repeat("(", 200_000) + "1\n#endif\n",
		"braces":      head + "RESOURCE POLICIES p {" + strings.Repeat("{", 500_000),
		"quotes":      strings.Repeat(`"`, 900_000),
		"itself":      "#include \"a.rss\"\n",
	}
}

// TestHostileSources holds that the module refuses such sources, by an error in
// the source, and goes on.
func TestHostileSources(t *testing.T) {
	p := open(t, servePlay(t))
	p.drawn()
	for name, text := range hostileSources() {
		sources, err := json.Marshal(map[string]any{"name": "a.rss", "files": map[string]string{"a.rss": text}})
		if err != nil {
			t.Fatal(err)
		}
		for _, method := range []string{"compile", "look"} {
			said := evaluate[string](p, fmt.Sprintf(`playground.quick.call(%q, JSON.stringify(%s)).then(({found}) => found.summary.errors > 0 ? "refused" : "taken", (error) => error.message)`, method, sources))
			if said != "refused" {
				t.Errorf("%s: %s: %s", name, method, said)
			}
		}
	}
	if workers := evaluate[bool](p, `playground.quick.call("answer", 0, 25, 1, true, "c", new Uint8Array(0)).then(() => true)`); !workers {
		t.Error("no answer afterwards")
	}
}
