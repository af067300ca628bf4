//go:build !race

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"ups/cmd/ups/internal/console"
	"ups/grammar"
)

const (
	// maxHostileMemory is what the command may hold for any source.
	maxHostileMemory = 200 << 20
	// maxHostileTime is the processor time that it may take: more than the
	// second that is promised, for other load and the race detector.
	maxHostileTime = 5 * time.Second
)

// fill repeats a text up to n bytes.
func fill(n int, text string) string { return strings.Repeat(text, n/len(text)) }

// large is the size of sources that hostileSources make as large as they may be.
const large = grammar.MaxSource - 4096

// use is a source that uses a value once, after some directives.
func use(directives, value string) string {
	return directives + "#include <ups/policies.rh>\nUID2 KUidUpsPolicyResourceFile\nUID3 1\n" +
		"RESOURCE POLICIES p { header = POLICY_HEADER { dialogcreator = 1; }; policies = { POLICY { flags = " + value + "; } }; }\n"
}

func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i, i+1)
	}
	return b.String()
}

// hostileSources have a shape each that would cost time or memory out of
// proportion, if nothing kept it from that.
var hostileSources = map[string]func() string{
	"a parameter many times, nested":    func() string { return use("#define M(x)"+fill(32_000, " x")+"\n", "M(M(M(M(1))))") },
	"a parameter of many tokens, often": func() string { return use("#define M(x)"+fill(32_000, " x")+"\n", "M("+fill(1<<20, "1 ")+")") },
	"a long paste":                      func() string { return use("#define M(x) a"+fill(16_000, "##x")+"\n", "M(b)") },
	"a long paste of many tokens":       func() string { return use("#define M(x) a"+fill(16_000, "##x")+"\n", "M("+fill(16_000, "b ")+")") },
	"a long paste of a long name":       func() string { return use("#define M(x) a"+fill(16_000, "##x")+"\n", "M("+fill(1<<20, "b")+")") },
	"a paste of large size":             func() string { return use("#define M(x) a"+fill(large, "##x")+"\n", "M(b)") },
	"80,000 parameters": func() string {
		return use("#define M("+numbered(80_000, "p%d,")+"q) "+numbered(80_000, "p%d ")+"\n", "M(1)")
	},
	"a million parameters":           func() string { return use("#define M("+numbered(1_000_000, "p%d,")+"q) 1\n", "M(1)") },
	"a condition of 8 million terms": func() string { return "#if 1" + fill(large, "+1") + "\n#endif\n" },
	"a condition of 8 million signs": func() string { return "#if 1" + fill(large, "|") + "\n#endif\n" },
	"a condition of defined":         func() string { return "#if defined A" + fill(large, "||defined A") + "\n#endif\n" },
	"a condition of long names": func() string {
		return "#define D(x) x" + fill(32_000, "+x") + "\n#if D(D(" + fill(1<<20, "n") + "))\n#endif\n"
	},
	"a definition of large size":        func() string { return use("#define A "+fill(large, "+")+"\n", "A") },
	"a definition of ##":                func() string { return use("#define A a"+fill(large, "##a")+"\n", "A") },
	"a definition, again and again":     func() string { return fill(large, "#define A 1\n#define A 2\n") },
	"the same definition again":         func() string { return fill(large, "#define A\n") },
	"many macros":                       func() string { return numbered(1_200_000, "#define A%x\n") },
	"an error of large size":            func() string { return "#error " + fill(large, "a ") },
	"errors":                            func() string { return fill(large, "#error\n") },
	"warnings":                          func() string { return fill(large, "#warning a\n") },
	"a pragma of large size":            func() string { return "#pragma " + fill(large, "a ") },
	"pragmas":                           func() string { return fill(large, "#pragma\n") },
	"unknown directives":                func() string { return fill(large, "#a\n") },
	"empty directives":                  func() string { return fill(large, "#\n") },
	"an undef of large size":            func() string { return "#undef A " + fill(large, "a ") },
	"includes that are missing":         func() string { return fill(large, "#include <a>\n") },
	"an include of a long name":         func() string { return "#include \"" + fill(large, "a") + "\"\n" },
	"an include of many tokens":         func() string { return "#include <" + fill(large, "a ") + ">\n" },
	"line marks":                        func() string { return fill(large, "# 1 \"\"\n") },
	"line marks within a line":          func() string { return fill(large, "#1\"\"") },
	"comments":                          func() string { return fill(large, "//\n") },
	"block comments":                    func() string { return fill(large, "/**/") },
	"conditionals":                      func() string { return fill(large, "#if 1\n#endif\n") },
	"conditionals that are skipped":     func() string { return "#if 0\n" + fill(large, "#if\n#endif\n") + "#endif\n" },
	"a skipped directive of large size": func() string { return "#if 0\n#define A " + fill(large, "a ") + "\n#endif\n" },
	"empty lines":                       func() string { return fill(large, "\n") },
	"backslashes":                       func() string { return fill(large, "\\\n") },
	"a backslash after another":         func() string { return "\"" + fill(large, "\\") + "\"" },
	"signs":                             func() string { return fill(large, ";") },
	"quotes":                            func() string { return fill(large, "\"\n") },
	"names":                             func() string { return fill(large, "a ") },
	"a chain of macros":                 func() string { return use(numbered(100_000, "#define A%x A%x\n"), "A0") },
	"a chain of macros below mistakes": func() string {
		return use(numbered(100_000, "#define A%x A%x\n")+"#define A186a0 1; } "+fill(200_000, ", POLICY { f = x }")+" , POLICY { g = 1\n", "A0")
	},
	"a chain of macros below policies": func() string {
		return use(numbered(50_000, "#define A%x A%x\n")+"#define Ac350 1; } "+fill(1_000_000, ", POLICY { flags = 1; }")+" , POLICY { flags = 1\n", "A0")
	},
	"a tower of uses": func() string {
		return use("#define F(x) x\n", strings.Repeat("F(", 250)+fill(1<<20, "1 ")+strings.Repeat(")", 250))
	},
	"an argument of large size": func() string { return use("#define F(x) 1\n", "F("+fill(large, "1 ")+")") },
	"commas in an argument":     func() string { return use("#define F(x) 1\n", "F("+fill(large, ",")+")") },
	"a macro that makes strings": func() string {
		return use("#define S(x) #x\n#define T(x) S(x)"+fill(32_000, " S(x)")+"\n", "T(T(T(\"\\\\\")))")
	},
	"strings of strings": func() string {
		return use("#define S(x) #x\n#define T(x) S(x)\n", strings.Repeat("T(", 60)+"\"\\\\\""+strings.Repeat(")", 60))
	},
	"a string of large size":           func() string { return use("", "\""+fill(large, "a")+"\"") },
	"a destination of large size":      func() string { return use("", "1; destination = \""+fill(large, "a")+"\"") },
	"a character of large size":        func() string { return use("", "'"+fill(large, "a")+"'") },
	"a number of large size":           func() string { return use("", fill(large, "1")) },
	"a destination of many strings":    func() string { return use("", "1; destination = "+fill(1_000_000, "\"a\"")) },
	"a destination of character codes": func() string { return use("", "1; destination = "+fill(1_000_000, "<1>")) },
	"an enumeration of one constant":   func() string { return "enum { A = " + fill(1_000_000, "B ") + "}\n" },
	"an enumeration":                   func() string { return "enum { " + numbered(100_000, "A%x,") + "A }\n" },
	"a struct of many words":           func() string { return "STRUCT A { " + fill(1_000_000, "A ") + "}\n" },
	"a statement of many words":        func() string { return "RESOURCE " + fill(1_000_000, "A ") + "\n" },
	"structs, and policies without a brace": func() string {
		return numbered(15_000, "STRUCT S%x { BYTE a; }\n") + use("", "1; a = { "+fill(1_000_000, "T u = 1,")+" 1 }")
	},
	"mistakes after unterminated strings": func() string { return use("", "1; "+fill(500_000, fill(900, "; ")+"\"\n")) },
	"unknown constants": func() string {
		return use(numbered(50_000, "#define KY%x 1\n"), "1; sid_list = { "+numbered(100_000, "KZ%x,")+" 1 }")
	},
	"unknown fields": func() string { return use("", "1; "+numbered(100_000, "f%x = 1;")) },
	"a line of large size with a thousand mistakes": func() string { return use("", "1; "+fill(900*16, "x ; y = 1; z 2 ; ")+fill(large-20_000, " ")) },
	"braces":                    func() string { return use("", "1; a = "+fill(500_000, "{")) },
	"resources":                 func() string { return fill(1_000_000, "RESOURCE A { ") },
	"a call before each name":   func() string { return use("#define F(x) F x\n", fill(1_000_000, "F F ( ")) },
	"names of macros without (": func() string { return use("#define F(x) x\n", fill(1_000_000, "F ")) },
	"macros of long names": func() string {
		n := fill(1<<20, "n")
		return use("#define D(x) x x x x x x x x\n#define "+n+" 1\n", strings.Repeat("D(", 8)+n+strings.Repeat(")", 8))
	},
}

// writeHostile writes a hostile source into a file.
func writeHostile() {
	name, file := os.Args[1], os.Args[2]
	if err := os.WriteFile(file, []byte(hostileSources[name]()), 0o666); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(console.StatusFailed)
	}
}

// cost is what a process has used.
type cost struct {
	Status int
	Took   time.Duration // of the processor
	Held   int64         // bytes of memory, at most
}

// measure runs a command as a process, and prints its cost as JSON. It is a
// small process of its own, because the system counts the memory that a process
// holds when it starts another as that one's.
func measure() {
	cmd := exec.Command(os.Args[1], os.Args[2:]...)
	cmd.Stderr = os.Stderr
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(console.StatusFailed)
	}
	p := cmd.ProcessState
	json.NewEncoder(os.Stdout).Encode(cost{p.ExitCode(), p.UserTime() + p.SystemTime(), p.SysUsage().(*syscall.Rusage).Maxrss << 10})
}

// TestHostileSources runs the command on sources that were made to cost more
// than their size, each in a process of its own.
func TestHostileSources(t *testing.T) {
	dir := t.TempDir()
	for name := range hostileSources {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(dir, "hostile.rss")
			if out, err := processOf(t, dir, "hostile", name, file).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			var said strings.Builder
			c := costOf(t, dir, &said, "compile", "-o", filepath.Join(dir, "out.rsc"), file)
			if c.Status != console.StatusDone && c.Status != console.StatusErrors {
				t.Fatalf("status %d\n%.2000s", c.Status, said.String())
			}
			c.check(t, said.Len())
		})
	}
}

// costOf returns the cost of a command line.
func costOf(t *testing.T, dir string, stderr io.Writer, args ...string) (c cost) {
	t.Helper()
	exe := filepath.Join(dir, "ups")
	self, err := os.Executable()
	if err == nil {
		err = os.Symlink(self, exe)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		t.Fatal(err)
	}
	cmd := processOf(t, dir, "measure", append([]string{exe}, args...)...)
	cmd.Stderr = stderr
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, &c)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return c
}

// check holds a cost, and the length of what was said, against the limits.
func (c cost) check(t *testing.T, said int) {
	t.Helper()
	t.Logf("status %d, %v, %d MB, %d bytes of messages", c.Status, c.Took, c.Held>>20, said)
	if c.Took > maxHostileTime {
		t.Errorf("took %v", c.Took)
	}
	if c.Held > maxHostileMemory {
		t.Errorf("held %d MB", c.Held>>20)
	}
	if said > 4<<20 {
		t.Errorf("%d bytes of messages", said)
	}
}

// A process that holds much memory measures those that it starts rightly.
func TestCostIsOfTheProcessAlone(t *testing.T) {
	ballast := bytes.Repeat([]byte{1}, maxHostileMemory)
	c := costOf(t, t.TempDir(), os.Stderr, "version")
	if c.Status != console.StatusDone || c.Held > maxHostileMemory/2 || c.Held < 1<<20 || c.Took == 0 {
		t.Errorf("%+v beside %d bytes", c, len(ballast))
	}
}
