package console

import (
	"os"
	"path/filepath"
	"testing"
)

func TestInputsAreSpared(t *testing.T) {
	dir := t.TempDir()
	read, link, other := filepath.Join(dir, "read"), filepath.Join(dir, "link"), filepath.Join(dir, "other")
	for _, name := range []string{read, other} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Link(read, link); err != nil {
		t.Fatal(err)
	}
	var c Console
	c.Inputs.Add(read, os.DevNull, filepath.Join(dir, "missing"))
	for name, spared := range map[string]bool{read: true, link: true, other: false, os.DevNull: false, filepath.Join(dir, "new"): false} {
		if err := c.SpareInputs(name); (err != nil) != spared {
			t.Errorf("%s: %v", name, err)
		}
	}
}
