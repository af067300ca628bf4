package lsp

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"

	"ups/grammar"
)

// headerCopy returns the path of a copy of a header that comes with the program,
// for editors to show: below the user's cache folder.
func headerCopy(s *grammar.Source) (path string, ok bool) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", false
	}
	path = filepath.Join(cache, "ups", "headers", filepath.FromSlash(strings.Trim(s.Name, "<>")))
	if now, err := os.ReadFile(path); err == nil && bytes.Equal(now, s.Text) {
		return path, true
	}
	return path, writeCopy(path, s.Text) == nil
}

// writeCopy writes a file whole, or not at all.
func writeCopy(path string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "header")
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}
