package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/output"
)

// rewriteSize is large enough for a kill to hit a write in the middle.
const rewriteSize = 4 << 20

// rewriteForever replaces the file that its argument names, by one full of A
// and one full of B in turn, until it is killed.
func rewriteForever() {
	con := &console.Console{Stdout: io.Discard}
	for i := 0; ; i++ {
		data := bytes.Repeat([]byte{"AB"[i%2]}, rewriteSize)
		if err := output.Write(context.Background(), con, []output.File{{Name: os.Args[1], Data: data}}); err != nil {
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
	inTheMiddle := 0
	for range 20 {
		if err := os.WriteFile(target, old, 0o666); err != nil {
			t.Fatal(err)
		}
		cmd := processOf(t, dir, "rewrite", target)
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

var errFull = errors.New("full")

type fullWriter struct{}

func (fullWriter) Write([]byte) (int, error) { return 0, errFull }

// TestAllOrNothing has a second output that can't be written: the first stays
// as it was.
func TestAllOrNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	dir := t.TempDir()
	tests := []struct {
		name   string
		ctx    context.Context
		second string
	}{
		{"no such folder", context.Background(), filepath.Join(dir, "nosuch", "b")},
		{"a folder", context.Background(), dir},
		{"below a file", context.Background(), filepath.Join(dir, "a", "b")},
		{"interrupted", ctx, filepath.Join(dir, "b")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			first := filepath.Join(dir, "a")
			if err := os.WriteFile(first, []byte("old"), 0o640); err != nil {
				t.Fatal(err)
			}
			con := &console.Console{Stdout: fullWriter{}}
			err := output.Write(tt.ctx, con, []output.File{{Name: first, Data: []byte("new")}, {Name: tt.second, Data: []byte("new")}})
			if got, _ := os.ReadFile(first); err == nil || string(got) != "old" {
				t.Errorf("%q after %v", got, err)
			}
			if found := leftovers(t, dir); len(found) > 0 {
				t.Errorf("left behind: %v", found)
			}
		})
	}
	if err := output.Write(context.Background(), &console.Console{Stdout: fullWriter{}}, []output.File{{Name: console.Stdio, Data: nil}}); !errors.Is(err, errFull) {
		t.Errorf("got %v", err)
	}
}

// TestReplaceKeeps shows what of the old file stays: its permissions, and the
// link that it was reached through.
func TestReplaceKeeps(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	if err := errors.Join(os.WriteFile(file, []byte("old"), 0o600), os.Chmod(file, 0o604), os.Symlink("file", link)); err != nil {
		t.Fatal(err)
	}
	con := &console.Console{Stdout: io.Discard}
	if err := output.Write(context.Background(), con, []output.File{{Name: link, Data: []byte("new")}, {Name: os.DevNull, Data: []byte("x")}}); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(file); string(got) != "new" {
		t.Errorf("%q, %v", got, err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode().Type() != os.ModeSymlink {
		t.Errorf("the link is gone: %v, %v", info, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o604 {
		t.Errorf("permissions: %v, %v", info, err)
	}
}
