package main

import (
	"path/filepath"
	"strings"
	"testing"

	"ups/cmd/ups/internal/console"
)

// A destination that the service refuses has no answer.
func TestMatchRefusesLongDestinations(t *testing.T) {
	folder := t.TempDir()
	writeSource(t, filepath.Join(folder, "a.rss"), source(1))
	ask := func(units int) result {
		return ups(t, folder, "", "match", "a.rss", "--client", "0x1", "--security", "passed", "--destination", strings.Repeat("x", units))
	}
	if r := ask(1024); r.status != console.StatusDone || r.stderr != "" {
		t.Errorf("at the limit: exit %d, %s", r.status, r.stderr)
	}
	want := "destination too long: it has more than 1024 UTF-16 units"
	if r := ask(1025); r.status == console.StatusDone || r.stdout != "" || !strings.Contains(r.stderr, want) {
		t.Errorf("over the limit: exit %d, %q, %s", r.status, r.stdout, r.stderr)
	}
}
