package runtime

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
)

func TestLoad(t *testing.T) {
	f := newFixture(t)
	rom := os.DirFS(f.rom)
	f.write(f.rom, "any name", compiled(t, 3))
	if l, err := Load(compiled(t, 3)); err != nil || major(l) != "3" {
		t.Errorf("%s %v", major(l), err)
	}
	if l, err := LoadFile(rom, "any name"); err != nil || major(l) != "3" {
		t.Errorf("%s %v", major(l), err)
	}
	for name, content := range corrupt(t) {
		f.write(f.rom, "any name", content)
		if l, err := LoadFile(rom, "any name"); l != nil || !errors.Is(err, ErrBadPolicyFile) || !strings.HasPrefix(err.Error(), "any name: ") {
			t.Errorf("%s: %v", name, err)
		}
		if l, err := Load(content); l != nil || !errors.Is(err, ErrBadPolicyFile) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if l, err := LoadFile(rom, "."); l != nil || !errors.Is(err, ErrBadPolicyFile) {
		t.Errorf("a folder: %v", err)
	}
	if l, err := LoadFile(rom, "nowhere"); l != nil || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}
