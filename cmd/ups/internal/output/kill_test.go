package output

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"ups/cmd/ups/internal/console"
)

// rewriteSize is large enough for a kill to hit a write in the middle.
const rewriteSize = 4 << 20

// TestMain makes the test binary rewrite the file that is named in its
// environment.
func TestMain(m *testing.M) {
	if target := os.Getenv(rewriteTarget); target != "" {
		rewriteForever(target)
	}
	os.Exit(m.Run())
}

const rewriteTarget = "UPS_TEST_REWRITE"

// rewriteForever replaces a file by one full of A and one full of B in turn,
// until it is killed.
func rewriteForever(target string) {
	con := &console.Console{Stdout: io.Discard}
	for i := 0; ; i++ {
		data := bytes.Repeat([]byte{"AB"[i%2]}, rewriteSize)
		if err := Write(context.Background(), con, []File{{Name: target, Data: data}}); err != nil {
			panic(err)
		}
		if i == 0 {
			fmt.Println("begun")
		}
	}
}

// TestKillLeavesWholeFile kills a process that writes, at any moment, and
// finds a whole file each time.
func TestKillLeavesWholeFile(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(dir, "a.rsc")
	old := bytes.Repeat([]byte{'O'}, rewriteSize)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	inTheMiddle := 0
	for n := 0; n < 20 || inTheMiddle == 0 && n < 500; n++ { // a machine that stalls may kill too late
		if err := os.WriteFile(target, old, 0o666); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(exe)
		cmd.Env = append(os.Environ(), rewriteTarget+"="+target)
		begun, err := cmd.StdoutPipe()
		if err := errors.Join(err, cmd.Start()); err != nil {
			t.Fatal(err)
		}
		if _, err := begun.Read(make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rand.IntN(30)) * time.Millisecond)
		cmd.Process.Kill()
		cmd.Wait()
		got, err := os.ReadFile(target)
		if err != nil || len(got) != rewriteSize || bytes.Count(got, got[:1]) != rewriteSize {
			t.Fatalf("a broken file: %d bytes, %v", len(got), err)
		}
		inTheMiddle += len(leftovers(t, dir))
		for _, name := range leftovers(t, dir) {
			os.Remove(name)
		}
	}
	if inTheMiddle == 0 {
		t.Error("no kill hit a write: the test shows nothing")
	}
}

// leftovers returns the temporary files in a folder and below.
func leftovers(t *testing.T, dir string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, ".ups-*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}
