package grammar_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"ups/grammar"
)

// An include is a regular file: a pipe that nobody writes to would block the
// compiler for ever, and a device could have no end.
func TestIncludeRefusesStreams(t *testing.T) {
	dir := t.TempDir()
	if err := errors.Join(unix.Mkfifo(filepath.Join(dir, "pipe.rh"), 0o666), os.Symlink("/dev/zero", filepath.Join(dir, "zero.rh"))); err != nil {
		t.Fatal(err)
	}
	for name, kind := range map[string]string{"pipe.rh": "a pipe", "zero.rh": "a device", ".": "a directory"} {
		tree := grammar.Parse(filepath.Join(dir, "a.rss"), []byte(`#include "`+name+`"`+"\n"), grammar.Options{})
		if len(tree.Diagnostics.All()) != 1 {
			t.Fatalf("%s: %v", name, codes(tree.Diagnostics.All()))
		}
		d := tree.Diagnostics.All()[0]
		if d.Code != "include-unreadable" || !strings.HasSuffix(d.Message, kind) || !tree.Incomplete {
			t.Errorf("%s: %s: %s; want %s", name, d.Code, d.Message, kind)
		}
	}
}

// A header has the limit of a source, and one over it is never read.
func TestIncludeTooLarge(t *testing.T) {
	dir := t.TempDir()
	big := filepath.Join(dir, "big.rh")
	if err := errors.Join(os.WriteFile(big, nil, 0o666), os.Truncate(big, grammar.MaxSource+1)); err != nil {
		t.Fatal(err)
	}
	if _, err := (grammar.Disk{}).ReadFile(big, grammar.MaxSource); !errors.Is(err, grammar.ErrTooLarge) {
		t.Errorf("got %v", err)
	}
	tree := grammar.Parse(filepath.Join(dir, "a.rss"), []byte("#include \"big.rh\"\n"), grammar.Options{})
	if !has(tree.Diagnostics.All(), "include-unreadable") {
		t.Errorf("got %v", codes(tree.Diagnostics.All()))
	}
}
