package scenario

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// watching watches a file, a folder that is listed, and a file to ignore.
func watching(t *testing.T) (w *Watcher, dir string) {
	t.Helper()
	dir = t.TempDir()
	for _, name := range []string{"a/file", "a/other", "list/x", "junit.xml"} {
		write(t, filepath.Join(dir, name), "1")
	}
	w, err := NewWatcher(filepath.Join(dir, "list", "junit.xml"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	w.Settle = 20 * time.Millisecond
	more, err := w.Watch([]string{filepath.Join(dir, "a/file"), filepath.Join(dir, "gone/file")}, []string{filepath.Join(dir, "list")})
	if err != nil || !more {
		t.Fatalf("%v, %v", more, err)
	}
	return w, dir
}

func TestWatcherReturnsAfterChanges(t *testing.T) {
	for name, change := range map[string]func(dir string) error{
		"written":  func(dir string) error { return os.WriteFile(filepath.Join(dir, "a/file"), []byte("2"), 0o666) },
		"removed":  func(dir string) error { return os.Remove(filepath.Join(dir, "a/file")) },
		"replaced": func(dir string) error { return os.Rename(filepath.Join(dir, "a/other"), filepath.Join(dir, "a/file")) },
		"new":      func(dir string) error { return os.WriteFile(filepath.Join(dir, "list/y"), nil, 0o666) },
		"folder":   func(dir string) error { return os.Mkdir(filepath.Join(dir, "gone"), 0o777) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, dir := watching(t)
			if err := change(dir); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			if err := w.Wait(ctx); err != nil {
				t.Error(err)
			}
		})
	}
}

// Wait doesn't return for files that weren't read, those that we write ourselves
// and those that begin with a dot; it does for the first other change.
func TestWatcherIgnoresOtherFiles(t *testing.T) {
	w, dir := watching(t)
	for _, name := range []string{"a/other", "list/junit.xml", "list/.x.swp"} {
		write(t, filepath.Join(dir, name), "2")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if err := w.Wait(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Wait returned without a change: %v", err)
	}
	write(t, filepath.Join(dir, "list/x"), "2")
	if err := w.Wait(t.Context()); err != nil {
		t.Error(err)
	}
}

// Watching the same again reports no new folders.
func TestWatchAgain(t *testing.T) {
	w, dir := watching(t)
	files, folders := []string{filepath.Join(dir, "a/file"), filepath.Join(dir, "gone/file")}, []string{filepath.Join(dir, "list")}
	if more, err := w.Watch(files, folders); more || err != nil {
		t.Errorf("%v, %v", more, err)
	}
	if more, err := w.Watch(files[:1], nil); more || err != nil {
		t.Errorf("%v, %v", more, err)
	}
}
