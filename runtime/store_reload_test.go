package runtime

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func reload(tb testing.TB, s *Store) {
	tb.Helper()
	if err := s.Reload(); err != nil {
		tb.Fatal(err)
	}
}

// steps are what can happen to a file between two reloads of a store where
// it is loaded, one after the other.
var steps = []struct {
	name        string
	rom, system int // major version; 0 for no file, -1 for a corrupt one
	want        int // major version; 0 for missing, -1 for bad
	changed     []string
	problems    []string
}{
	{"nothing there", 0, 0, 0, nil, nil},
	{"ROM file comes", 1, 0, 1, []string{"added 1000a00a -"}, nil},
	{"nothing happens", 1, 0, 1, nil, nil},
	{"ROM file changes", 2, 0, 2, []string{"changed 1000a00a 1-2"}, nil},
	{"eclipsed", 2, 3, 3, []string{"changed 1000a00a 2-3"}, nil},
	{"eclipsed ROM file changes", 4, 3, 3, nil, nil},
	{"system file breaks", 4, -1, 4, []string{"changed 1000a00a 3-4"}, []string{"WARN system/" + testName}},
	{"still corrupt", 4, -1, 4, nil, nil},
	{"ROM file breaks too", -1, -1, -1, []string{"changed 1000a00a 4-"}, []string{"ERROR rom/" + testName}},
	{"system file mended", -1, 5, 5, []string{"changed 1000a00a -5"}, nil},
	{"system file gone", -1, 0, -1, []string{"changed 1000a00a 5-"}, nil},
	{"ROM file gone", 0, 0, 0, []string{"removed 1000a00a -"}, nil},
	{"both come", 6, 7, 7, []string{"added 1000a00a -"}, nil},
	{"both go", 0, 0, 0, []string{"removed 1000a00a 7-"}, nil},
}

func TestReload(t *testing.T) {
	f := newFixture(t)
	s := f.open()
	for _, step := range steps {
		f.place(f.rom, step.rom)
		f.place(f.system, step.system)
		reload(t, s)
		f.expect(s, step.want)
		same(t, step.name+": changes", f.changed(), step.changed)
		same(t, step.name+": problems", f.said(), step.problems)
	}
}

// place makes the file of a folder what a step says.
func (f *fixture) place(folder string, major int) {
	f.tb.Helper()
	switch major {
	case 0:
		f.remove(folder, testName)
	case -1:
		f.write(folder, testName, []byte("corrupt"))
	default:
		f.write(folder, testName, compiled(f.tb, uint16(major)))
	}
}

func (f *fixture) expect(s *Store, major int) {
	f.tb.Helper()
	switch major {
	case 0:
		refuses(f.tb, s, ErrMissingPolicyFile)
	case -1:
		refuses(f.tb, s, ErrBadPolicyFile)
	default:
		answers(f.tb, s, uint16(major))
	}
}

// A list that stays keeps its index.
func TestReloadKeepsListsOfSameContent(t *testing.T) {
	f := newFixture(t)
	f.write(f.rom, testName, compiled(t, 1))
	s := f.open()
	before, _ := s.List(testServer, testService)
	f.write(f.rom, testName, compiled(t, 1)) // written again
	reload(t, s)
	if l, _ := s.List(testServer, testService); l == nil || l != before {
		t.Error("loaded again after it was written again")
	}
	f.write(f.system, testName, compiled(t, 1)) // eclipsed by its equal
	reload(t, s)
	if l, _ := s.List(testServer, testService); l == nil || l != before {
		t.Error("loaded again from the other drive")
	}
	same(t, "changes", f.changed(), []string(nil))
}

// Times are too coarse to show that a file has changed, and can be set.
func TestReloadSeesChangeOfSameSizeAndTime(t *testing.T) {
	f := newFixture(t)
	path, then := filepath.Join(f.rom, testName), time.Unix(0, 0)
	s := f.open()
	for major := uint16(1); major < 4; major++ {
		f.write(f.rom, testName, compiled(t, major))
		if err := os.Chtimes(path, then, then); err != nil {
			t.Fatal(err)
		}
		reload(t, s)
		answers(t, s, major)
	}
}

func TestReloadLoadsWhatWasLoadedAndNoMore(t *testing.T) {
	f := newFixture(t)
	f.write(f.rom, testName, compiled(t, 1))
	f.write(f.rom, fileName(1, 1), nil)
	s := f.open()
	answers(t, s, 1)
	f.write(f.rom, testName, compiled(t, 2))
	reload(t, s)
	f.remove(f.rom, testName)
	answers(t, s, 2)
	same(t, "problems of a file that nobody needed", f.said(), []string(nil))
}

func TestRequestKeepsTheListThatItBeganWith(t *testing.T) {
	f := newFixture(t)
	f.write(f.rom, testName, compiled(t, 1))
	s := f.open()
	held, err := s.List(testServer, testService)
	if err != nil {
		t.Fatal(err)
	}
	f.remove(f.rom, testName)
	reload(t, s)
	refuses(t, s, ErrMissingPolicyFile)
	if i, err := held.Decide(1, true, "x"); i != 0 || err != nil {
		t.Errorf("place %d, %v", i, err)
	}
}

// What is gone with its folder must not be taken for policies taken away.
func TestReloadWithoutROMFolderChangesNothing(t *testing.T) {
	f := newFixture(t)
	f.write(f.rom, testName, compiled(t, 1))
	s := f.open()
	answers(t, s, 1)
	f.remove(f.rom)
	if err := s.Reload(); !os.IsNotExist(err) {
		t.Errorf("error %v", err)
	}
	answers(t, s, 1)
	same(t, "changes", f.changed(), []string(nil))
}

func TestReloadWithoutSystemFolder(t *testing.T) {
	f := newFixture(t)
	f.write(f.rom, testName, compiled(t, 1))
	f.write(f.system, testName, compiled(t, 2))
	s := f.open()
	answers(t, s, 2)
	f.remove(f.system)
	reload(t, s)
	answers(t, s, 1)
}

func TestFileThatMovesBetweenDrivesBeforeItIsLoaded(t *testing.T) {
	f := newFixture(t)
	f.write(f.rom, testName, compiled(t, 1))
	s := f.open()
	f.write(f.system, testName, compiled(t, 2))
	reload(t, s)
	same(t, "changes", f.changed(), []string{"changed 1000a00a -"})
}
