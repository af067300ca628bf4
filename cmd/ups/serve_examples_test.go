package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// exampleFolder returns a folder as the README of an example says: with its
// configuration, for this user, and its policies compiled.
func exampleFolder(t *testing.T, example, rom, sources string) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "ups") // short: it is to have a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	config := read(t, filepath.Join("../../examples", example, "serve.yaml"))
	writeSource(t, filepath.Join(dir, "serve.yaml"), strings.Replace(config, "uid: 1000", fmt.Sprint("uid: ", os.Getuid()), 1))
	sources, err = filepath.Abs(sources)
	if err != nil {
		t.Fatal(err)
	}
	if out, err := processOf(t, dir, "ups", "compile", "-d", rom, sources).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return dir
}

// The message server prints the same with ups serve as with a service of its own,
// which its README shows: who is allowed, denied, and asked about.
func TestMessageServer(t *testing.T) {
	dir := exampleFolder(t, "msgserver", "rom", "../../examples/msgserver/policies")
	exe := filepath.Join(dir, "msgserver")
	if out, err := exec.Command("go", "build", "-o", exe, "../../examples/msgserver").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	p := startServer(t, dir, nil)
	out, err := exec.Command(exe, "-socket", filepath.Join(dir, "ups.sock")).CombinedOutput()
	shown := "$ go run ./examples/msgserver -db decisions.db\n" + string(out) + "```\n"
	if err != nil || !strings.Contains(read(t, "../../examples/msgserver/README.md"), shown) {
		t.Errorf("error %v, and the README doesn't have\n%s", err, shown)
	}
	p.Signal(os.Interrupt)
	p.Ends()
	for _, decided := range []string{"source=prompt decision=session-yes", "source=prompt decision=no", "context canceled\" code=-3"} {
		p.Logs(decided)
	}
}
