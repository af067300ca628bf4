package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"ups/cmd/ups/internal/console"
)

// TestOrderIsOfPaths shows that what is written and said doesn't depend on how
// many sources are compiled at once.
func TestOrderIsOfPaths(t *testing.T) {
	dir := t.TempDir()
	for i := range 60 {
		text := source(1 + i%7)
		if i%3 == 0 {
			text = strings.ReplaceAll(text, "options", "bogus")
		}
		writeSource(t, filepath.Join(dir, "in", fmt.Sprint(i%4), sourceName(i)), text)
	}
	want := ups(t, dir, "", "compile", "-j", "1", "-d", "out1", "in")
	if want.status != console.StatusErrors || strings.Count(want.stderr, "bogus") == 0 {
		t.Fatalf("unexpected: %+v", want)
	}
	for _, j := range []string{"2", "16", "60"} {
		for range 3 {
			if got := ups(t, dir, "", "compile", "-j", j, "-d", "out"+j, "in"); got != want {
				t.Fatalf("-j %s differs from -j 1:\n%s\nwant\n%s", j, got.stderr, want.stderr)
			}
		}
		sameTree(t, filepath.Join(dir, "out1"), filepath.Join(dir, "out"+j))
	}
}

// sameTree checks that two folders hold the same 40 compiled files.
func sameTree(t *testing.T, a, b string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(a, "*", "*.rsc"))
	if err != nil || len(files) != 40 {
		t.Fatalf("%d compiled files, %v", len(files), err)
	}
	for _, f := range files {
		want, err1 := os.ReadFile(f)
		got, err2 := os.ReadFile(filepath.Join(b, strings.TrimPrefix(f, a)))
		if err := errors.Join(err1, err2); err != nil || !bytes.Equal(got, want) || len(got) == 0 {
			t.Errorf("%s differs in %s: %v", f, b, err)
		}
	}
}

func TestCanceledBeforeItBegins(t *testing.T) {
	dir := t.TempDir()
	writeSource(t, filepath.Join(dir, sourceName(1)), source(1))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var stderr strings.Builder
	con := &console.Console{Stdout: io.Discard, Stderr: &stderr, Getenv: os.Getenv, IsTerminal: console.IsTerminal}
	if status := run(ctx, con, []string{"compile", dir}); status != console.StatusFailed || stderr.String() != "ups: interrupted\n" {
		t.Errorf("status %d, %q", status, stderr.String())
	}
	if found, _ := filepath.Glob(filepath.Join(dir, "*.rsc")); len(found) > 0 {
		t.Errorf("written all the same: %v", found)
	}
}

// TestInterruptEndsWaiting sends Ctrl-C to a process that waits for input.
func TestInterruptEndsWaiting(t *testing.T) {
	dir := t.TempDir()
	cmd := processOf(t, dir, "ups", "compile", "-o", "out.rsc", "-")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// More than a pipe holds: once it is written the process surely reads.
	if _, err := stdin.Write(make([]byte, 1<<20)); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	if status := cmd.ProcessState.ExitCode(); status != console.StatusFailed || stderr.String() != "ups: interrupted\n" {
		t.Errorf("status %d, %q", status, stderr.String())
	}
	if entries, _ := os.ReadDir(dir); len(entries) > 0 {
		t.Errorf("left behind: %v", entries)
	}
}

// TestClosedPipe runs commands whose output nobody reads: no reason to
// complain, or to forget that there were errors.
func TestClosedPipe(t *testing.T) {
	dir := t.TempDir()
	writeSource(t, filepath.Join(dir, sourceName(1)), source(500))
	writeSource(t, filepath.Join(dir, "bad.rss"), strings.ReplaceAll(source(500), "options", "bogus"))
	if got := ups(t, dir, "", "compile", "-o", "a.rsc", sourceName(1)); got.status != console.StatusDone {
		t.Fatalf("%+v", got)
	}
	tests := []struct {
		args   []string
		status int
	}{
		{[]string{"dump", "a.rsc"}, console.StatusDone},
		{[]string{"dump", "--json", "a.rsc"}, console.StatusDone},
		{[]string{"version"}, console.StatusDone},
		{[]string{"--help"}, console.StatusDone},
		{[]string{"compile", "-o", "-", sourceName(1)}, console.StatusDone},
		{[]string{"compile", "-o", "b.rsc", "bad.rss"}, console.StatusErrors},
		{[]string{"compile", "-o", "b.rsc", "--format", "json", "bad.rss"}, console.StatusErrors},
	}
	for _, tt := range tests {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
		var stderr strings.Builder
		cmd := processOf(t, dir, "ups", tt.args...)
		cmd.Stdout, cmd.Stderr = w, &stderr
		if tt.status == console.StatusErrors {
			cmd.Stderr = w
		}
		cmd.Run()
		if status := cmd.ProcessState.ExitCode(); status != tt.status || stderr.Len() > 0 {
			t.Errorf("%v: status %d, %q", tt.args, status, stderr.String())
		}
		w.Close()
	}
}

// TestTerminal shows what is different if a person sits there.
func TestTerminal(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	writeSource(t, sourceName(1), source(1))
	writeSource(t, "bad.rss", strings.ReplaceAll(source(1), "options", "bogus"))
	tests := []struct {
		env    string
		args   []string
		status int
		want   string // in stderr
		color  bool
	}{
		{"", []string{"compile", "-o", "-", sourceName(1)}, console.StatusFailed, "standard output is a terminal", false},
		{"", []string{"compile", "-o", "x", "bad.rss"}, console.StatusErrors, "bogus", true},
		{"NO_COLOR", []string{"compile", "-o", "x", "bad.rss"}, console.StatusErrors, "bogus", false},
		{"NO_COLOR", []string{"--color", "always", "compile", "-o", "x", "bad.rss"}, console.StatusErrors, "bogus", true},
		{"", []string{"compile", "--color=never", "-o", "x", "bad.rss"}, console.StatusErrors, "bogus", false},
		{"TERM", []string{"compile", "-o", "x", "bad.rss"}, console.StatusErrors, "bogus", false},
	}
	for _, tt := range tests {
		var stderr strings.Builder
		getenv := func(name string) string {
			if name == tt.env {
				return "dumb"
			}
			return ""
		}
		con := &console.Console{Stdout: io.Discard, Stderr: &stderr, Getenv: getenv, IsTerminal: func(any) bool { return true }}
		status := run(context.Background(), con, tt.args)
		colored := strings.Contains(stderr.String(), "\x1b[")
		if status != tt.status || !strings.Contains(stderr.String(), tt.want) || colored != tt.color {
			t.Errorf("%s %v: status %d, colour %v:\n%s", tt.env, tt.args, status, colored, stderr.String())
		}
	}
}

// BenchmarkCompileTree compiles 1,000 sources of 40 policies each through the
// command as users have it: a process of its own, start-up included.
func BenchmarkCompileTree(b *testing.B) {
	dir := b.TempDir()
	exe := filepath.Join(dir, "ups")
	if out, err := exec.Command("go", "build", "-o", exe, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	text := source(40)
	for i := range 1000 {
		writeSource(b, filepath.Join(dir, "in", fmt.Sprint(i%10), sourceName(i)), text)
	}
	b.ReportAllocs()
	for b.Loop() {
		if out, err := exec.Command(exe, "compile", "-d", filepath.Join(dir, "out"), filepath.Join(dir, "in")).CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
	}
	if found, _ := filepath.Glob(filepath.Join(dir, "out", "*", "*.rsc")); len(found) != 1000 {
		b.Fatalf("%d files", len(found))
	}
	b.ReportMetric(1000*float64(b.N)/b.Elapsed().Seconds(), "sources/s")
}

// TestOutputsClaimEachFileOnce has two uses for one file, for each pair that
// there can be; both are named, and what is for nothing claims nothing.
func TestOutputsClaimEachFileOnce(t *testing.T) {
	dir := t.TempDir()
	writeSource(t, dir+"/a.rss", source(1))
	tests := []struct{ args, want string }{
		{"-o x --rsg x a.rss", "x can't be both the output of a.rss and the header of --rsg"},
		{"-o x --rsg ./x a.rss", "./x can't be both the output of a.rss and the header of --rsg"},
		{"-o x --depfile x a.rss", "x can't be both the output of a.rss and the file of --depfile"},
		{"-o x --rsg y --depfile y a.rss", "y can't be both the header of --rsg and the file of --depfile"},
		{"-o a.rss a.rss", "a.rss can't be both the source a.rss and the output of a.rss"},
		{"-o x --rsg a.rss a.rss", "a.rss can't be both the source a.rss and the header of --rsg"},
		{"-o x --depfile a.rss a.rss", "a.rss can't be both the source a.rss and the file of --depfile"},
		{"--format json -o - a.rss", "standard output can't be both the json and the output of a.rss"},
		{"--format json -o x --rsg - a.rss", "standard output can't be both the json and the header of --rsg"},
	}
	for _, tt := range tests {
		got := ups(t, dir, "", append([]string{"compile"}, strings.Fields(tt.args)...)...)
		if got.status != console.StatusFailed || !strings.Contains(got.stderr, tt.want+"; nothing was written") {
			t.Errorf("%s: status %d, %s", tt.args, got.status, got.stderr)
		}
	}
}

// What make can't name is an error of the command.
func TestDepfileOfNameWithLineEnd(t *testing.T) {
	dir := t.TempDir()
	writeSource(t, filepath.Join(dir, "a\nb.rss"), source(1))
	got := ups(t, dir, "", "compile", "--depfile", "deps.d", "-o", "out.rsc", "a\nb.rss")
	if _, err := os.Stat(filepath.Join(dir, "deps.d")); got.status != console.StatusFailed || err == nil {
		t.Errorf("%+v, and the depfile: %v", got, err)
	}
}
