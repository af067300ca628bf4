package main

import (
	"os"
	"testing"
)

// TestDocumentedPicture holds that the picture in the documentation is the one
// that is drawn: UPDATE=1 draws it.
func TestDocumentedPicture(t *testing.T) {
	const path = "../../docs/pictures/report.svg"
	got := ups(t, "../../examples/handset", "", "report", "--svg", "ups_20020001_20020011.rss")
	if got.status != 0 {
		t.Fatal(got.stderr)
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(path, []byte(got.stdout), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if got.stdout != read(t, path) {
		t.Errorf("%s isn't what ups report draws", path)
	}
}
