package runtime

import (
	"os"
	"path/filepath"
	"testing"
)

// In these tests the events are the system's. Their files come by renaming, so
// that it makes no difference when the test goes on.

func TestSystemReportsFiles(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.replace(f.rom, testName, compiled(t, 1))
	s := f.watch()
	f.becomes(s, 1)
	f.replace(f.rom, testName, compiled(t, 2))
	f.becomes(s, 2, 1)
	f.replace(f.system, testName, compiled(t, 3))
	f.becomes(s, 3, 2)
	f.remove(f.system, testName)
	f.becomes(s, 2, 3)
	f.rename(filepath.Join(f.rom, testName), filepath.Join(f.rom, fileName(1, 1)))
	f.becomes(s, 0, 2)
	if l, err := s.List(1, 1); err != nil || major(l) != "2" {
		t.Errorf("%s %v", major(l), err)
	}
	same(t, "problems", f.said(), []string(nil))
}

func TestSystemReportsFolders(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.replace(f.rom, testName, compiled(t, 1))
	f.remove(f.system)
	s := f.watch()
	f.becomes(s, 1)
	f.mkdir(f.system) // comes into being
	f.replace(f.system, testName, compiled(t, 2))
	f.becomes(s, 2, 1)
	f.rename(f.system, f.system+".old") // vanishes
	f.becomes(s, 1, 2)
	f.rename(f.system+".old", f.system) // comes back
	f.becomes(s, 2, 1)
	f.replace(f.system, testName, compiled(t, 3)) // and is watched
	f.becomes(s, 3, 2)
	f.rename(f.system, f.system+".old") // is replaced
	f.mkdir(f.system)
	f.replace(f.system, testName, compiled(t, 4))
	f.becomes(s, 4, 3, 1) // or falls back on the ROM meanwhile
	f.replace(f.system, testName, compiled(t, 5))
	f.becomes(s, 5, 4)
	same(t, "problems", f.said(), []string(nil))
}

// The system folder, and what it is to stand in, are not there yet.
func TestSystemReportsFolderThatComesLater(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.replace(f.rom, testName, compiled(t, 1))
	f.system = filepath.Join(f.system, "private", "10283558", "policies")
	s := f.watch()
	f.becomes(s, 1)
	f.mkdir(f.system)
	f.replace(f.system, testName, compiled(t, 2))
	f.becomes(s, 2, 1)
}

// This is how Kubernetes replaces the files of a volume.
func TestSystemReportsLinks(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for i, version := range []string{"..v1", "..v2"} {
		f.mkdir(filepath.Join(f.rom, version))
		f.replace(filepath.Join(f.rom, version), testName, compiled(t, uint16(i+1)))
	}
	f.link("..v1", filepath.Join(f.rom, "..data"))
	f.link(filepath.Join("..data", testName), filepath.Join(f.rom, testName))
	s := f.watch()
	f.becomes(s, 1)
	f.link("..v2", filepath.Join(f.rom, "..new"))
	f.rename(filepath.Join(f.rom, "..new"), filepath.Join(f.rom, "..data"))
	f.becomes(s, 2, 1)
	same(t, "problems", f.said(), []string(nil))
}

func (f *fixture) link(to, path string) {
	f.tb.Helper()
	if err := os.Symlink(to, path); err != nil {
		f.tb.Fatal(err)
	}
}
