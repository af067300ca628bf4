package gitfiles_test

import (
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"testing"

	"ups/internal/gitfiles"
)

func TestFiles(t *testing.T) {
	repository(t)
	write(t, "a/b/two.txt", "2")
	write(t, "a/one.txt", "1")
	git(t, "add", "a")
	git(t, "commit", "-qm", "more")
	write(t, "a/three.txt", "not in the commit")
	c := open(t, "HEAD")
	names, err := c.Files("a")
	if want := []string{filepath.Join("a", "b", "two.txt"), filepath.Join("a", "one.txt")}; err != nil || !slices.Equal(names, want) {
		t.Errorf("%q, %v, want %q", names, err, want)
	}
	if _, err := c.Files("nowhere"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that isn't there: %v", err)
	}
	if _, err := c.Files(t.TempDir()); !errors.Is(err, gitfiles.ErrOutside) {
		t.Errorf("a folder outside: %v", err)
	}
}
