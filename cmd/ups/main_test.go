package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"ups/cmd/ups/internal/console"
)

// TestMain makes the test binary stand in for ups, for scripts and for tests
// that need a process.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"ups":     main,
		"hostile": writeHostile,
		"measure": measure,
	})
}

// scripts is how many there are; one that isn't found would otherwise go unnoticed.
const scripts = 45

func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(files) != scripts {
		t.Fatalf("%d scripts, %v, want %d", len(files), err, scripts)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("GORACE", noExitSleep)
			return nil
		},
	})
}

// noExitSleep keeps processes under the race detector from sleeping for a
// second when they end.
const noExitSleep = "atexit_sleep_ms=0"

// result is what a command line gave.
type result struct {
	status         int
	stdout, stderr string
}

// ups runs a command line in this process, in the folder dir.
func ups(t *testing.T, dir, stdin string, args ...string) result {
	t.Helper()
	t.Chdir(dir)
	var stdout, stderr strings.Builder
	con := testConsole(&stdout, &stderr)
	con.Stdin = strings.NewReader(stdin)
	status := run(context.Background(), con, args)
	return result{status, stdout.String(), stderr.String()}
}

// testConsole returns a console without input, environment and terminal.
func testConsole(stdout, stderr io.Writer) *console.Console {
	return &console.Console{
		Stdin: strings.NewReader(""), Stdout: stdout, Stderr: stderr,
		Getenv: func(string) string { return "" }, IsTerminal: func(any) bool { return false },
	}
}

// processOf returns a command that runs one of those of TestMain as a process.
func processOf(t testing.TB, dir, name string, args ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, args...)
	cmd.Args[0], cmd.Dir = name, dir
	cmd.Env = append(os.Environ(), "GORACE="+noExitSleep)
	return cmd
}

// source returns a source of n policies that are all different.
func source(n int) string {
	var b strings.Builder
	b.WriteString("#include <ups/policies.rh>\nUID2 KUidUpsPolicyResourceFile\nUID3 0x01100001\nRESOURCE POLICIES p\n{\n" +
		"header = POLICY_HEADER { dialogcreator = 0x10283694; };\npolicies = {\n")
	for i := range n {
		fmt.Fprintf(&b, "\tPOLICY { sid_list = {0x%08x}; destination = \"+44%06d*\"; options = KYes|KNo; }", 0x80000000+i, i)
		if i < n-1 {
			b.WriteString(",")
		}
		b.WriteString("\n")
	}
	b.WriteString("};\n}\n")
	return b.String()
}

// writeSource writes a source into a folder.
func writeSource(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// sourceName names the nth source of a tree.
func sourceName(n int) string { return fmt.Sprintf("ups_%08x_%08x.rss", 0x10000000+n, 0x20000000+n) }
