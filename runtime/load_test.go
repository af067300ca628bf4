package runtime

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

func TestLoad(t *testing.T) {
	f := newFixture(t)
	path := filepath.Join(f.rom, "any name")
	f.write(f.rom, "any name", compiled(t, 3))
	if l, err := Load(path); err != nil || major(l) != "3" {
		t.Errorf("%s %v", major(l), err)
	}
	for name, content := range corrupt(t) {
		f.write(f.rom, "any name", content)
		if l, err := Load(path); l != nil || !errors.Is(err, ErrBadPolicyFile) || !strings.HasPrefix(err.Error(), path+": ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if l, err := Load(f.rom); l != nil || !errors.Is(err, ErrBadPolicyFile) {
		t.Errorf("a folder: %v", err)
	}
	if l, err := Load(filepath.Join(f.rom, "nowhere")); l != nil || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}
