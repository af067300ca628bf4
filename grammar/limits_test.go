package grammar_test

import (
	"fmt"
	"io/fs"
	"runtime"
	"strings"
	"testing"
	"time"

	"ups/compiler"
	"ups/diag"
	"ups/grammar"
	"ups/internal/readfile"
)

// memory is a file system of texts.
type memory map[string]string

func (m memory) ReadFile(name string, limit int64) ([]byte, error) {
	text, ok := m[name]
	if !ok {
		return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
	}
	return readfile.All(name, strings.NewReader(text), limit)
}

const head = "#include <ups/policies.rh>\nUID2 KUidUpsPolicyResourceFile\nUID3 1\n"

func wrap(policies string) string {
	return head + "RESOURCE POLICIES p { header = POLICY_HEADER { dialogcreator = 1; }; policies = { " + policies + " }; }\n"
}

// doubling returns macros of which each is the one before, twice.
func doubling(n int, format, last string) string {
	var b strings.Builder
	b.WriteString("#define M0" + last + "\n")
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&b, "#define M%d"+format+"\n", i, i-1, i-1)
	}
	return b.String()
}

// allowed is how long an input may take. The race detector and other load slow
// everything down, so the test allows more than the second that is promised.
const allowed = 20 * time.Second

// Inputs that try to cost more than their size end with an error in under a
// second and under 200 MB.
func TestHostileInput(t *testing.T) {
	tests := []struct{ name, code, src string }{
		{"macros that double", "source-too-large", doubling(60, " M%d M%d", " 1") + wrap("POLICY { flags = M60; }")},
		{"macros that double into nothing", "source-too-large", doubling(60, " M%d M%d", "") + wrap("POLICY { flags = M60; }")},
		{"macros that double in a condition", "source-too-large", doubling(60, " M%d + M%d", " 1") + "#if M60\n#endif\n" + wrap("")},
		{"arguments that double", "source-too-large", doubling(40, "(x) M%d(x) M%d(x)", "(x) x") + wrap("POLICY { flags = M40(1); }")},
		{"pasted text that doubles", "source-too-large", "#define P(x) Q(x,x)\n#define Q(a,b) a##b\n" + wrap("POLICY { flags = "+strings.Repeat("P(", 60)+"a"+strings.Repeat(")", 60)+"; }")},
		{"nested arguments", "source-too-large", "#define F(x) x\n" + wrap("POLICY { flags = "+strings.Repeat("F(", 100_000)+"1"+strings.Repeat(")", 100_000)+"; }")},
		{"10,000 braces", "nesting", head + "RESOURCE POLICIES p { policies = " + strings.Repeat("{", 10_000)},
		{"10,000 braces at the top", "statement-unknown", strings.Repeat("{", 10_000)},
		{"10,000 struct braces", "nesting", head + "RESOURCE POLICIES p { " + strings.Repeat("a = POLICY {", 10_000)},
		{"100,000 parentheses", "nesting", wrap("POLICY { flags = " + strings.Repeat("(", 100_000))},
		{"100,000 signs", "nesting", wrap("POLICY { flags = " + strings.Repeat("-", 100_000) + "1; }")},
		{"parentheses in a condition", "condition", "#if " + strings.Repeat("(", 100_000) + "\n#endif\n" + wrap("")},
		{"signs in a condition", "condition", "#if " + strings.Repeat("!", 100_000) + "\n#endif\n" + wrap("")},
		{"conditionals", "source-too-large", strings.Repeat("#if 1\n", 100_000) + wrap("")},
		{"an include loop", "include-depth", "#include \"loop.rh\"\n" + wrap("")},
		{"includes that double", "source-too-large", "#include \"twice0.rh\"\n" + wrap("")},
		{"tokens", "source-too-large", wrap("POLICY { sid_list = {" + strings.Repeat("1,", 600_000) + "1}; }")},
		{"mistakes", "too-many", head + "RESOURCE POLICIES p { " + strings.Repeat("; ", 200_000) + "}"},
		{"unterminated strings", "too-many", head + strings.Repeat("\"\n", 200_000)},
		{"a huge sum", "", wrap("POLICY { flags = 0" + strings.Repeat("+0", 200_000) + "; }")},
		{"a huge product of lines", "", wrap(strings.Repeat("\n", 8<<20))},
		{"an endless line mark", "", wrap("# 1 \"" + strings.Repeat("x", 1<<20))},
		{"a pile of enumerations", "source-too-large", strings.Repeat("enum { X }", 100_000) + wrap("")},
		{"a huge name", "statement-unknown", strings.Repeat("x", 8<<20)},
		{"a huge name, mistyped", "constant-unknown", "#define " + strings.Repeat("x", 1<<20) + " 1\n" + wrap("POLICY { flags = "+strings.Repeat("x", 1<<20-1)+"y; }")},
		{"a huge name behind what is missing", "semicolon-missing", wrap("POLICY { flags = 1 " + strings.Repeat("x", 1<<20) + "; }")},
		{"17 MiB", "source-too-large", strings.Repeat(" ", 17<<20)},
	}
	files := memory{"loop.rh": "#include \"loop.rh\"\n"}
	for i := range 60 {
		files[fmt.Sprintf("twice%d.rh", i)] = strings.Repeat(fmt.Sprintf("#include \"twice%d.rh\"\n", i+1), 2)
	}
	files["twice60.rh"] = strings.Repeat("enum { X }\n", 1000)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			opt := compiler.Options{Options: grammar.Options{Files: files}}
			var r *compiler.Result
			peak := peakMemory(func() {
				start := time.Now()
				r = compiler.Compile("hostile.rss", []byte(test.src), opt)
				if took := time.Since(start); took > allowed {
					t.Errorf("took %v", took)
				}
			})
			if peak > 200<<20 {
				t.Errorf("held %d MB", peak>>20)
			}
			if !r.Failed() && test.code != "" {
				t.Fatal("not refused")
			}
			if test.code != "" && !has(r.Diagnostics, test.code) {
				t.Errorf("no %s in %v", test.code, codes(r.Diagnostics))
			}
			for _, d := range r.Diagnostics {
				if len(d.Message)+len(d.Hint) > 1000 {
					t.Errorf("%s: a message of %d bytes, a hint of %d", d.Code, len(d.Message), len(d.Hint))
				}
			}
			if len(r.Diagnostics) > diag.MaxDiagnostics {
				t.Errorf("%d diagnostics", len(r.Diagnostics))
			}
		})
	}
}

// peakMemory returns the most heap that f held, sampled.
func peakMemory(f func()) uint64 {
	runtime.GC()
	done, sampled := make(chan struct{}), make(chan uint64)
	go func() {
		var peak uint64
		for {
			var now runtime.MemStats
			runtime.ReadMemStats(&now)
			peak = max(peak, now.HeapInuse)
			select {
			case <-done:
				sampled <- peak
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	f()
	close(done)
	return <-sampled
}

func has(ds []diag.Diagnostic, code string) bool {
	for _, d := range ds {
		if d.Code == code {
			return true
		}
	}
	return false
}

func codes(ds []diag.Diagnostic) []string {
	var out []string
	for _, d := range ds[:min(len(ds), 10)] {
		out = append(out, d.Code+": "+d.Message)
	}
	return out
}
