//go:build unix

package observe

import (
	"path/filepath"
	"syscall"
	"testing"
)

func TestPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Suits(path); err == nil {
		t.Error("a pipe suits")
	}
}
