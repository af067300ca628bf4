package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestSources holds that the sources of a module are our own that are compiled
// into it, and the versions of what else is.
func TestSources(t *testing.T) {
	t.Chdir("../..")
	files, err := sources("decide")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"go.mod", "go.sum", "policy/decide.go", "internal/readfile/nonblock_js.go", "cmd/ups/page/wasm/decide/main.go"} {
		if has := slices.Contains(files, want); has != (want != "internal/readfile/nonblock_js.go") {
			t.Errorf("%s: %v", want, has)
		}
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || strings.HasPrefix(file, "compiler/") || !filepath.IsLocal(file) {
			t.Errorf("%s is no source of the module", file)
		}
	}
	play, err := sources("play")
	if err != nil || !slices.Contains(play, "internal/readfile/nonblock_js.go") || !slices.Contains(play, "compiler/explanations/include-missing.txt") {
		t.Errorf("%v: %v", err, play)
	}
}

// TestHashFiles holds that each change of a name or of a content changes the hash.
func TestHashFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	seen := map[string]string{}
	for _, state := range []struct{ what, a, b string }{{"first", "x", "y"}, {"content", "x", "z"}, {"moved", "xy", ""}} {
		for name, text := range map[string]string{"a": state.a, "b": state.b} {
			if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		for order, files := range map[string][]string{"ab": {"a", "b"}, "a": {"a"}} {
			hash, err := hashFiles(files)
			if err != nil {
				t.Fatal(err)
			}
			if other, ok := seen[hash]; ok && !(state.what == "content" && order == "a") {
				t.Errorf("%s %s has the hash of %s", state.what, order, other)
			}
			seen[hash] = state.what + " " + order
		}
	}
	if _, err := hashFiles([]string{"nosuch"}); err == nil {
		t.Error("a file that isn't there has a hash")
	}
}
