package sqlite_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"ups/runtime/decision"
	"ups/runtime/decision/decisiontest"
	"ups/runtime/decision/sqlite"
)

// snapshot describes all that is below a folder: names, types, sizes, times
// and contents.
func snapshot(t testing.TB, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if entry.IsDir() { // its time is that of its names, which are seen anyway
			fmt.Fprintln(&b, path)
			return nil
		}
		fmt.Fprintln(&b, path, info.Mode(), info.Size(), info.ModTime())
		if info.Mode().IsRegular() {
			b.Write(read(t, path))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// wantRefused expects a database to be refused to its owner and to readers,
// at once, with everything in its folder left as it is.
func wantRefused(t *testing.T, path string, want error) {
	t.Helper()
	before := snapshot(t, filepath.Dir(path))
	began := time.Now()
	db, events, err := openFaulty(t, path)
	if err == nil {
		db.Close()
	}
	if !errors.Is(err, want) || len(*events) != 0 {
		t.Errorf("opening: %v, events %v, want %v", err, *events, want)
	}
	if view, err := sqlite.View(t.Context(), path); !errors.Is(err, want) {
		t.Errorf("viewing: %v, want %v", err, want)
		if err == nil {
			view.Close()
		}
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("it took %v to refuse", took)
	}
	if after := snapshot(t, filepath.Dir(path)); after != before {
		t.Errorf("something was changed:\n%.2000s\nbefore\n%.2000s", after, before)
	}
}

func TestRefusesWhatIsNotOurs(t *testing.T) {
	ours := string(read(t, made(t, 3)))
	contents := map[string]string{
		"text": strings.Repeat("not a database\n", 1000), "a line": "{}\n", "empty": "",
		"the first words alone": ours[:16], "all but the end of the header": ours[:99],
		"another application id": ours[:68] + "UPSx" + ours[72:],
		"other first words":      "s" + ours[1:],
		"zeros":                  strings.Repeat("\x00", 3*sqlite.PageSize),
	}
	for name, content := range contents {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "backup.jsonl")
			write(t, path, content)
			wantRefused(t, path, decision.ErrNotDatabase)
		})
	}
	t.Run("folder", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "d.db")
		write(t, filepath.Join(path, "mine"), "precious")
		wantRefused(t, path, decision.ErrNotDatabase)
	})
}

// write writes a file, and the folders that it is in.
func write(t testing.TB, path, content string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(content), 0o600)); err != nil {
		t.Fatal(err)
	}
}

// plants are what may stand where the database would have a file of its own.
var plants = map[string]func(t *testing.T, path string){
	"a file":          func(t *testing.T, path string) { write(t, path, "precious, and longer than a header of 32 bytes") },
	"a short file":    func(t *testing.T, path string) { write(t, path, "mine") },
	"a folder":        func(t *testing.T, path string) { write(t, filepath.Join(path, "mine"), "precious") },
	"a symbolic link": func(t *testing.T, path string) { link(t, os.Symlink, path, 0) },
	"a symbolic link to nothing": func(t *testing.T, path string) {
		if err := os.Symlink(path+".none", path); err != nil {
			t.Fatal(err)
		}
	},
	"a hard link":                     func(t *testing.T, path string) { link(t, os.Link, path, 0) },
	"a hard link to an empty file":    func(t *testing.T, path string) { link(t, os.Link, path, -1) },
	"a symbolic link to a file of 0s": func(t *testing.T, path string) { link(t, os.Symlink, path, 100) },
}

// link links a path to a file of a user beside it, of text, of nothing, or of
// so many zeros.
func link(t *testing.T, by func(old, name string) error, path string, zeros int) {
	t.Helper()
	mine := filepath.Join(filepath.Dir(path), "mine")
	content := strings.Repeat("\x00", max(zeros, 0))
	if zeros == 0 {
		content = "precious, and longer than a header of 32 bytes"
	}
	write(t, mine, content)
	if err := by(mine, path); err != nil {
		t.Fatal(err)
	}
}

// TestPlanted has files of others in every place where SQLite, or this
// package, keeps one of its own: beside a database, and where none is yet.
func TestPlanted(t *testing.T) {
	for _, suffix := range []string{"-wal", "-shm", "-journal", ".lock"} {
		for name, plant := range plants {
			for _, there := range []bool{true, false} {
				t.Run(fmt.Sprint(suffix, " is ", name, ", database ", there), func(t *testing.T) {
					path := planted(t, suffix, there, plant)
					linked := isLinked(t, path+suffix)
					if suffix == ".lock" && !linked {
						wantUsedAround(t, path, path+suffix)
						return
					}
					wantOpenRefused(t, path)
				})
			}
		}
	}
}

// planted makes a folder for a database, with a file of another in it.
func planted(t *testing.T, suffix string, there bool, plant func(*testing.T, string)) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "d.db")
	if there {
		db := open(t, path, -1)
		fill(t, db, 0, 5)
		db.Close()
		os.Remove(path + ".lock")
	}
	plant(t, path+suffix)
	return path
}

// isLinked reports whether what was planted isn't a plain file of its own.
func isLinked(t *testing.T, path string) bool {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	mine, err := os.Stat(filepath.Join(filepath.Dir(path), "mine"))
	return !info.Mode().IsRegular() || err == nil && os.SameFile(info, mine)
}

// wantOpenRefused expects the owner to be refused, and a reader at least to
// change nothing: it doesn't need all of the files.
func wantOpenRefused(t *testing.T, path string) {
	t.Helper()
	before := snapshot(t, filepath.Dir(path))
	if _, events, err := openFaulty(t, path); !errors.Is(err, decision.ErrNotDatabase) || len(*events) != 0 {
		t.Errorf("opening: %v, events %v, want ErrNotDatabase", err, *events)
	}
	if view, err := sqlite.View(t.Context(), path); err == nil {
		for _, suffix := range []string{"-wal", "-journal"} {
			if _, err := os.Lstat(path + suffix); err == nil {
				t.Errorf("read next to another's %s", suffix)
			}
		}
		if n := len(decisiontest.All(t, view, decision.Filter{})); n != 5 {
			t.Errorf("a view has %d records", n)
		}
		view.Close()
	}
	if after := snapshot(t, filepath.Dir(path)); after != before {
		t.Errorf("something was changed:\n%.1000s\nbefore\n%.1000s", after, before)
	}
}

// wantUsedAround expects a database to be used, and a file that is locked
// to stay as it is.
func wantUsedAround(t *testing.T, path, lock string) {
	t.Helper()
	before := read(t, lock)
	db := open(t, path, -1)
	store(t, db, decisiontest.Sample(9))
	if err := db.Close(); err != nil || string(read(t, lock)) != string(before) {
		t.Errorf("%v, the file that was locked was changed", err)
	}
}

// TestMakingTouchesNothingElse has other files under the names that were once
// used to make a database.
func TestMakingTouchesNothingElse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "d.db")
	for _, suffix := range []string{".new", ".new-wal", ".new-shm"} {
		write(t, filepath.Join(path+suffix, "mine"), "precious")
	}
	db := open(t, path, -1)
	store(t, db, decisiontest.Sample(1))
	db.Close()
	for _, suffix := range []string{".new", ".new-wal", ".new-shm"} {
		if string(read(t, filepath.Join(path+suffix, "mine"))) != "precious" {
			t.Errorf("%s was changed", suffix)
		}
	}
}

func TestFollowsLinksToTheFile(t *testing.T) {
	path := made(t, 5)
	elsewhere := t.TempDir()
	alias, folder := filepath.Join(elsewhere, "alias.db"), filepath.Join(elsewhere, "folder")
	if err := errors.Join(os.Symlink(path, alias), os.Symlink(filepath.Dir(path), folder)); err != nil {
		t.Fatal(err)
	}
	aliases := []string{alias, filepath.Join(folder, filepath.Base(path)), path}
	for _, first := range aliases {
		owner := open(t, first, -1)
		for _, second := range aliases {
			if _, _, err := openFaulty(t, second); !errors.Is(err, decision.ErrLocked) {
				t.Errorf("%s beside %s: %v, want ErrLocked", second, first, err)
			}
			view, err := sqlite.View(t.Context(), second)
			if err != nil {
				t.Fatal(err)
			}
			if n := len(decisiontest.All(t, view, decision.Filter{})); n != 5 {
				t.Errorf("%d records by %s, want 5", n, second)
			}
			view.Close()
		}
		owner.Close()
	}
	if entries, err := os.ReadDir(elsewhere); err != nil || len(entries) != 2 {
		t.Errorf("%v, %v: a file was made beside the link", entries, err)
	}
}

func TestRefusesLinksThatLeadNowhere(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "folder")
	write(t, filepath.Join(folder, "mine"), "precious")
	for name, target := range map[string]string{"nothing": "none", "a folder": folder, "nothing, by way of nothing": "none/none"} {
		path := filepath.Join(dir, name)
		if err := os.Symlink(target, path); err != nil {
			t.Fatal(err)
		}
		wantRefused(t, path, decision.ErrNotDatabase)
	}
	loop := filepath.Join(dir, "loop")
	if err := os.Symlink(loop, loop); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Open(t.Context(), loop, sqlite.Options{}); err == nil {
		t.Error("a link to itself was opened")
	}
}

func TestRefusesHardLinks(t *testing.T) {
	path := made(t, 5)
	second := filepath.Join(t.TempDir(), "second.db")
	if err := os.Link(path, second); err != nil {
		t.Fatal(err)
	}
	os.Remove(path + ".lock")
	wantRefused(t, path, decision.ErrNotDatabase)
	wantRefused(t, second, decision.ErrNotDatabase)
	if err := os.Remove(second); err != nil {
		t.Fatal(err)
	}
	if n := len(decisiontest.All(t, open(t, path, -1), decision.Filter{})); n != 5 {
		t.Errorf("%d records when the link is gone, want 5", n)
	}
}

// TestOneOwnerOfTheFile takes the names away under an owner: the file itself
// is locked.
func TestOneOwnerOfTheFile(t *testing.T) {
	if !slices.Contains([]string{"linux", "darwin", "windows"}, runtime.GOOS) {
		t.Skip("on this system only FILE.lock is locked")
	}
	path := made(t, 5)
	owner := open(t, path, -1)
	fill(t, owner, 5, 8)
	second := filepath.Join(t.TempDir(), "second.db")
	if err := os.Link(path, second); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, second} {
		if err := os.Remove(path + ".lock"); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		if _, _, err := openFaulty(t, name); !errors.Is(err, decision.ErrNotDatabase) {
			t.Errorf("%s: %v, want ErrNotDatabase for its two names", name, err)
		}
	}
	os.Remove(second)
	if _, _, err := openFaulty(t, path); !errors.Is(err, decision.ErrLocked) {
		t.Errorf("with its lock file removed: %v, want ErrLocked", err)
	}
	moved := path + ".moved"
	if err := os.Rename(path, moved); err != nil {
		t.Fatal(err)
	}
	if _, _, err := openFaulty(t, moved); !errors.Is(err, decision.ErrLocked) {
		t.Errorf("by the name that it was moved to: %v, want ErrLocked", err)
	}
}

// TestReplacedInUse puts another file in the place of a database in use.
func TestReplacedInUse(t *testing.T) {
	for name, other := range map[string]string{"another file": "precious", "nothing": ""} {
		t.Run(name, func(t *testing.T) {
			path := made(t, 5)
			db, events, err := openFaulty(t, path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Rename(path, path+".moved"); err != nil {
				t.Fatal(err)
			}
			if other != "" {
				write(t, path, other)
			}
			if _, err := db.Store(t.Context(), decisiontest.Sample(7)); !errors.Is(err, decision.ErrNotDatabase) {
				t.Errorf("storing: %v, want ErrNotDatabase: it would be lost", err)
			}
			if err := os.Truncate(path+".moved", sqlite.PageSize); err != nil {
				t.Fatal(err)
			}
			for i := range 20 {
				db.Lookup(t.Context(), decisiontest.Sample(i).Key)
			}
			if got, err := os.ReadFile(path); string(got) != other || err != nil && other != "" || len(*events) != 0 {
				t.Errorf("%q, %v, events %v", got, err, *events)
			}
		})
	}
}

// TestLocksEndWithFailure opens what is refused again and again: no lock is
// left, nor a file.
func TestLocksEndWithFailure(t *testing.T) {
	path := filepath.Join(t.TempDir(), "d.db")
	write(t, path+"-journal", "precious")
	for range 3 {
		if _, _, err := openFaulty(t, path); !errors.Is(err, decision.ErrNotDatabase) {
			t.Fatalf("%v, want ErrNotDatabase", err)
		}
	}
	if entries, err := os.ReadDir(filepath.Dir(path)); err != nil || len(entries) != 1 {
		t.Errorf("%v, %v: something was left", entries, err)
	}
	write(t, path+".lock", "precious")
	if _, _, err := openFaulty(t, path); !errors.Is(err, decision.ErrNotDatabase) || string(read(t, path+".lock")) != "precious" {
		t.Errorf("with a lock file of another: %v, want ErrNotDatabase and the file", err)
	}
	if err := os.Remove(path + "-journal"); err != nil {
		t.Fatal(err)
	}
	store(t, open(t, path, -1), decisiontest.Sample(1))
}

// TestPlantedBesideDamaged has files of others beside a database that is to be
// moved aside: it stays, and so do they.
func TestPlantedBesideDamaged(t *testing.T) {
	for _, suffix := range []string{"-shm", "-journal"} {
		path := planted(t, suffix, true, plants["a file"])
		if err := os.Truncate(path, 1000); err != nil {
			t.Fatal(err)
		}
		before := snapshot(t, filepath.Dir(path))
		if _, events, err := openFaulty(t, path); !errors.Is(err, decision.ErrNotDatabase) || len(*events) != 0 {
			t.Errorf("%s: %v, events %v, want ErrNotDatabase", suffix, err, *events)
		}
		if after := snapshot(t, filepath.Dir(path)); after != before {
			t.Errorf("%s: something was changed:\n%.1000s", suffix, after)
		}
	}
}
