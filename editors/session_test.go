//go:build editors

package editors

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestMain builds ups, and puts it first in PATH, as the settings of the
// documentation want it.
func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "ups-editors")
	if err == nil {
		err = build(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	status := m.Run()
	os.RemoveAll(dir)
	os.Exit(status)
}

func build(dir string) error {
	cmd := exec.Command("go", "build", "-o", dir, "./cmd/ups")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}

// A session is a folder with the policies of the handset, in which Neovim is
// started. Its client is Neovim's own, set up as docs/editors.md says, and the
// server is ups lsp.

// handset is the source that most tests open.
const handset = "ups_20020001_20020011.rss"

// session makes the folder, under git, so that there is a version to compare
// with.
func session(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(root, "examples", "handset"))); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "settings.lua"), settings(t))
	for _, args := range [][]string{
		{"init", "-q"}, {"add", "."},
		{"-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "-q", "-m", "policies"},
	} {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %q: %v\n%s", args, err, out)
		}
	}
	return dir
}

func put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// settings returns what docs/editors.md says for the Neovim that Debian has.
func settings(t *testing.T) string {
	t.Helper()
	for block := range strings.SplitSeq(get(t, filepath.Join(root, "docs", "editors.md")), "```lua\n") {
		block, _, _ = strings.Cut(block, "```")
		if strings.Contains(block, "vim.lsp.start_client") {
			return block
		}
	}
	t.Fatal("docs/editors.md has no settings for this Neovim")
	return ""
}

// run runs a script of testdata/neovim/scripts in a session, and reads what it
// returns.
func run(t *testing.T, dir, script string, result any) {
	t.Helper()
	abs, err := filepath.Abs(filepath.Join("testdata", "neovim", "scripts", script))
	if err != nil {
		t.Fatal(err)
	}
	neovim(t, dir, filepath.Join("neovim", "run.lua"), "SCRIPT="+abs)
	answer := struct {
		Failed string
		Result any
	}{Result: result}
	if err := json.Unmarshal([]byte(get(t, filepath.Join(dir, "result.json"))), &answer); err != nil {
		t.Fatal(err)
	}
	if answer.Failed != "" {
		t.Fatal(answer.Failed)
	}
}

// want compares what a test got.
func want[T any](t *testing.T, got, want T) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}
