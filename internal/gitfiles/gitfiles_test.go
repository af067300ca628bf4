package gitfiles_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"ups/grammar"
	"ups/internal/gitfiles"
)

// git runs git in the current folder and returns what it writes.
func git(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=n", "-c", "user.email=n@example.org", "-c", "commit.gpgsign=false"}, args...)...)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("git %v: %v", args, err) // whoever has a clone has git
	}
	return strings.TrimSpace(string(out))
}

// write makes a file in the current folder.
func write(t *testing.T, name, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o777), os.WriteFile(name, []byte(text), 0o666)); err != nil {
		t.Fatal(err)
	}
}

// repository makes a repository whose tag v1 isn't what is in the work tree,
// and goes there. What git's environment says of another one doesn't count.
func repository(t *testing.T, init ...string) string {
	t.Helper()
	for _, name := range []string{"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"} {
		t.Setenv(name, "")
		os.Unsetenv(name) // set back at the end by Setenv
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	git(t, append([]string{"init", "-q", "-b", "main"}, init...)...)
	write(t, "policies/a.rss", "old")
	write(t, "policies/big.rss", strings.Repeat("x", 100_000))
	write(t, "policies/line\nbreak ü.rss", "odd name")
	write(t, "inc/h.rh", "old header")
	for name, target := range map[string]string{
		"link": "policies", "policies/up.rh": "../inc/h.rh", "policies/chain.rh": "../link/up.rh",
		"absolute": "/etc/hostname", "out": "policies/../../x", "loop": "loop", "long": strings.Repeat("x", 4000),
		"nowhere": "absent",
	} {
		if err := os.Symlink(target, name); err != nil {
			t.Fatal(err)
		}
	}
	git(t, "add", ".")
	git(t, "commit", "-q", "-m", "one")
	git(t, "update-index", "--add", "--cacheinfo", "160000,"+git(t, "rev-parse", "HEAD")+",sub")
	git(t, "commit", "-q", "-m", "two")
	git(t, "tag", "-a", "v1", "-m", "annotated")
	write(t, "policies/a.rss", "new")
	write(t, "policies/fresh.rss", "fresh")
	if err := errors.Join(os.RemoveAll("inc"), os.Remove("link")); err != nil {
		t.Fatal(err)
	}
	git(t, "add", "policies")
	git(t, "commit", "-q", "-m", "three")
	return dir
}

func open(t *testing.T, ref string) *gitfiles.Commit {
	t.Helper()
	c := openIn(t.Context(), t, ref)
	t.Cleanup(c.Close)
	return c
}

func openIn(ctx context.Context, t *testing.T, ref string) *gitfiles.Commit {
	t.Helper()
	c, err := gitfiles.Open(ctx, ref)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestReadFile(t *testing.T) {
	for _, format := range []string{"sha1", "sha256"} {
		t.Run(format, func(t *testing.T) {
			top := repository(t, "--object-format="+format)
			testReadFile(t, open(t, "v1"), top)
		})
	}
}

func testReadFile(t *testing.T, c *gitfiles.Commit, top string) {
	for _, tt := range []struct {
		name, want string
		err        error  // wrapped, or
		says       string // in the error
	}{
		{name: "policies/a.rss", want: "old"},
		{name: top + "/policies/a.rss", want: "old"},
		{name: "inc/h.rh", want: "old header"},
		{name: "policies/line\nbreak ü.rss", want: "odd name"},
		{name: "link/a.rss", want: "old"},
		{name: "policies/up.rh", want: "old header"},
		{name: "policies/chain.rh", want: "old header"},
		{name: "policies/fresh.rss", err: fs.ErrNotExist},
		{name: "policies/a.rss/b", err: fs.ErrNotExist},
		{name: "nowhere", err: fs.ErrNotExist},
		{name: "policies", says: "v1:policies: not a file but a folder"},
		{name: ".", says: "v1:.: not a file but a folder"},
		{name: "sub", says: "v1:sub: not a file but a submodule"},
		{name: "sub/a.rss", says: "v1:sub/a.rss: below a submodule"},
		{name: "absolute", err: gitfiles.ErrLink},
		{name: "out", err: gitfiles.ErrLink},
		{name: "loop", says: "v1:loop: more than 40 symbolic links"},
		{name: "policies/big.rss", err: grammar.ErrTooLarge},
		{name: "policies/a.rss", want: "old"}, // reading goes on after what was too large
	} {
		b, err := c.ReadFile(tt.name, 1000)
		switch {
		case tt.err != nil && !errors.Is(err, tt.err),
			tt.says != "" && (err == nil || !strings.Contains(strings.Replace(err.Error(), "open ", "", 1), tt.says)),
			tt.err == nil && tt.says == "" && err != nil,
			string(b) != tt.want:
			t.Errorf("%q: %q, %v; want %q, %v %s", tt.name, b, err, tt.want, tt.err, tt.says)
		}
	}
	if _, err := c.ReadFile("policies/a.rss", 2); !errors.Is(err, grammar.ErrTooLarge) {
		t.Errorf("3 bytes, of which 2 are allowed: %v", err)
	}
}

// TestPlaces reads the commit from wherever in the repository, or through a
// link to it, and the disk outside of it.
func TestPlaces(t *testing.T) {
	top := repository(t)
	outside := t.TempDir()
	write(t, filepath.Join(outside, "h.rh"), "on disk")
	if err := os.Symlink(top, filepath.Join(outside, "link")); err != nil {
		t.Fatal(err)
	}
	t.Chdir("policies")
	c := open(t, "v1")
	for name, want := range map[string]string{
		"a.rss": "old", "../inc/h.rh": "old header", c.Path("./a.rss"): "old", c.Path("policies/a.rss"): "old", c.Path("../inc/h.rh"): "old header",
		filepath.Join(outside, "h.rh"):                "on disk",
		filepath.Join(outside, "link/policies/a.rss"): "old",
		filepath.Join(outside, "link/inc/h.rh"):       "old header", // a folder that is no longer there
	} {
		if b, err := c.ReadFile(name, 1000); string(b) != want {
			t.Errorf("%s: %q, %v, want %q", name, b, err, want)
		}
	}
	for name, inside := range map[string]bool{"a.rss": true, "../x": true, "../../x": false, outside: false, filepath.Join(outside, "link/x"): true} {
		if c.Contains(name) != inside {
			t.Errorf("%s lies in the repository: %v", name, !inside)
		}
	}
	for name, want := range map[string]string{"a.rss": "v1:policies/a.rss", "/x": "/x"} {
		if got := c.Name(name); got != want {
			t.Errorf("%s is called %s, want %s", name, got, want)
		}
	}
}

func TestIsDir(t *testing.T) {
	repository(t)
	c := open(t, "v1")
	for name, want := range map[string]bool{t.TempDir(): true, ".": true, "policies": true, "link": true, "inc": true, "policies/a.rss": false, "policies/up.rh": false, "sub": false} {
		if dir, err := c.IsDir(name); dir != want || err != nil {
			t.Errorf("%s is a folder: %v, %v", name, dir, err)
		}
	}
	for _, name := range []string{"absent", "policies/fresh.rss", "nowhere", "/nosuch"} {
		if _, err := c.IsDir(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOpen(t *testing.T) {
	repository(t)
	for _, ref := range []string{"main", "HEAD", "v1", "v1^{commit}", "main~2", git(t, "rev-parse", "HEAD"), git(t, "rev-parse", "--short", "HEAD")} {
		c, err := gitfiles.Open(t.Context(), ref)
		if err != nil {
			t.Errorf("%s: %v", ref, err)
			continue
		}
		c.Close()
	}
	for _, ref := range []string{"", "nosuch", "-h", "--all", "--show-toplevel", "^main", "main..v1", "main^{tree}", "HEAD:policies", "v1\nmain", "*"} {
		if _, err := gitfiles.Open(t.Context(), ref); !errors.Is(err, gitfiles.ErrNoCommit) {
			t.Errorf("%q: %v", ref, err)
		}
	}
	if got := fmt.Sprint(gitfiles.Refs(t.Context())); got != "[main v1]" {
		t.Errorf("branches and tags: %s", got)
	}
	t.Chdir(t.TempDir())
	if _, err := gitfiles.Open(t.Context(), "main"); !errors.Is(err, gitfiles.ErrNoRepository) {
		t.Errorf("outside of a repository: %v", err)
	}
	if got := gitfiles.Refs(t.Context()); got != nil {
		t.Errorf("outside of a repository: %v", got)
	}
	t.Setenv("PATH", t.TempDir())
	if _, err := gitfiles.Open(t.Context(), "main"); !errors.Is(err, gitfiles.ErrNoGit) {
		t.Errorf("without git: %v", err)
	}
}

// TestEnvironment holds that git's own variables say where the repository is.
func TestEnvironment(t *testing.T) {
	top := repository(t)
	t.Chdir(t.TempDir())
	t.Setenv("GIT_DIR", filepath.Join(top, ".git"))
	t.Setenv("GIT_WORK_TREE", top)
	c := open(t, "v1")
	if b, err := c.ReadFile(filepath.Join(top, "policies/a.rss"), 10); string(b) != "old" {
		t.Errorf("%q, %v", b, err)
	}
}

// TestMissingObject is a damaged repository: what is lost is an error, and
// the rest can be read.
func TestMissingObject(t *testing.T) {
	repository(t)
	hash := git(t, "rev-parse", "v1:inc/h.rh")
	if err := os.Remove(filepath.Join(".git/objects", hash[:2], hash[2:])); err != nil {
		t.Fatal(err)
	}
	c := open(t, "v1")
	if b, err := c.ReadFile("inc/h.rh", 100); err == nil || errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "doesn't have its content") {
		t.Errorf("%q, %v", b, err)
	}
	if b, err := c.ReadFile("policies/a.rss", 100); string(b) != "old" {
		t.Errorf("after it: %q, %v", b, err)
	}
}

// TestEnd holds that what can't be read any more is an error at once.
func TestEnd(t *testing.T) {
	repository(t)
	ctx, cancel := context.WithCancel(t.Context())
	closed, interrupted := open(t, "v1"), openIn(ctx, t, "v1")
	closed.Close()
	cancel()
	interrupted.Close()
	for name, c := range map[string]*gitfiles.Commit{"closed": closed, "interrupted": interrupted} {
		if b, err := c.ReadFile("policies/a.rss", 100); err == nil || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %q, %v", name, b, err)
		}
	}
}

func TestManyReaders(t *testing.T) {
	repository(t)
	c := open(t, "v1")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				for name, want := range map[string]string{"policies/a.rss": "old", "policies/up.rh": "old header"} {
					if b, err := c.ReadFile(name, 100); string(b) != want {
						t.Errorf("%s: %q, %v", name, b, err)
					}
				}
			}
		})
	}
	wg.Wait()
}
