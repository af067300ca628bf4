package runtime

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ups/internal/rsc"
	"ups/policy"
)

// The service that most tests are about.
const (
	testServer  = 0x101F7F1F
	testService = 0x1000A00A
)

var testName = fileName(testServer, testService)

// compiled returns a policy file of one policy, of that major version.
func compiled(tb testing.TB, major uint16) []byte {
	tb.Helper()
	b, err := rsc.Encode(&policy.File{
		UID2: policy.ResourceFileUID, UID3: 1, Version: policy.FormatVersion,
		Header: &policy.Header{MajorVersion: major, MinorVersion: 7, AuthorisationPolicy: policy.CheckIfFailed, DialogCreator: 1},
		Policies: []policy.Policy{{
			SIDClasses: policy.AllSIDs, Destination: policy.NewText("*"), Options: policy.Yes | policy.No,
		}},
	})
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// corrupt returns the ways in which the content of a policy file can be bad.
func corrupt(tb testing.TB) map[string][]byte {
	tb.Helper()
	sound := compiled(tb, 1)
	flipped := slices.Clone(sound)
	flipped[8] ^= 1
	return map[string][]byte{
		"empty":     {},
		"truncated": sound[:len(sound)-1],
		"flipped":   flipped,
		"text":      []byte("RESOURCE POLICIES p { }"),
		"too large": append(slices.Clone(sound), make([]byte, maxFile)...),
	}
}

// same fails unless got is want.
func same(tb testing.TB, what string, got, want any) {
	tb.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		tb.Errorf("%s:\n%s", what, diff)
	}
}

// answers fails unless the store answers with the file of that major version.
func answers(tb testing.TB, s *Store, want uint16) {
	tb.Helper()
	l, err := s.List(testServer, testService)
	if err != nil || l.File().Header.MajorVersion != want {
		tb.Fatalf("major version %s, error %v; want %d", major(l), err, want)
	}
}

// refuses fails unless the store answers with that error.
func refuses(tb testing.TB, s *Store, want error) {
	tb.Helper()
	if l, err := s.List(testServer, testService); l != nil || !errors.Is(err, want) {
		tb.Fatalf("major version %s, error %v; want %v", major(l), err, want)
	}
}

func TestSystemEclipsesROM(t *testing.T) {
	f := newFixture(t)
	f.write(f.rom, testName, compiled(t, 1))
	f.write(f.system, strings.ToUpper(testName), compiled(t, 2))
	s := f.open()
	answers(t, s, 2)
	if _, path, _ := s.Find(testServer, testService); path != filepath.Join(f.system, strings.ToUpper(testName)) {
		t.Error(path)
	}
	same(t, "problems", f.said(), []string(nil))
}

func TestROMAlone(t *testing.T) {
	f := newFixture(t)
	f.write(f.rom, "UPS_101F7F1F_1000a00a.RSC", compiled(t, 1))
	s := f.open()
	answers(t, s, 1)
	if _, err := s.List(testServer, testService+1); !errors.Is(err, ErrMissingPolicyFile) {
		t.Error(err)
	}
	if _, err := s.List(testServer+1, testService); !errors.Is(err, ErrMissingPolicyFile) {
		t.Error(err)
	}
}

func TestCorruptSystemFileIsPassedOver(t *testing.T) {
	for name, content := range corrupt(t) {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.write(f.rom, testName, compiled(t, 1))
			f.write(f.system, testName, content)
			s := f.open()
			answers(t, s, 1)
			answers(t, s, 1)
			same(t, "problems", f.said(), []string{"WARN system/" + testName})
		})
	}
}

func TestCorruptROMFileRefusesItsServiceAlone(t *testing.T) {
	for name, content := range corrupt(t) {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.write(f.rom, testName, content)
			f.write(f.rom, fileName(testServer, 5), compiled(t, 3))
			s := f.open()
			refuses(t, s, ErrBadPolicyFile)
			if l, err := s.List(testServer, 5); err != nil || major(l) != "3" {
				t.Errorf("the other service: %s %v", major(l), err)
			}
			same(t, "problems", f.said(), []string{"ERROR rom/" + testName})
		})
	}
}

func TestSoundSystemFileHidesCorruptROMFile(t *testing.T) {
	f := newFixture(t)
	f.write(f.rom, testName, nil)
	f.write(f.system, testName, compiled(t, 2))
	answers(t, f.open(), 2)
	same(t, "problems", f.said(), []string(nil))
}

func TestBothCorrupt(t *testing.T) {
	f := newFixture(t)
	f.write(f.rom, testName, nil)
	f.write(f.system, testName, nil)
	refuses(t, f.open(), ErrBadPolicyFile)
	same(t, "problems", f.said(), []string{"ERROR rom/" + testName, "WARN system/" + testName})
}

// Where nothing is left to answer with, the service refuses: counted as missing,
// it would leave the answer to the server's own check.
func TestCorruptSystemFileAlone(t *testing.T) {
	for name, content := range corrupt(t) {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.write(f.system, testName, content)
			s := f.open()
			refuses(t, s, ErrBadPolicyFile)
			same(t, "problems", f.said(), []string{"ERROR system/" + testName})
			if c := s.ServiceConfig(testServer, testService); !c.HasPolicyFile || c.AuthorisationPolicy != policy.AlwaysCheck {
				t.Errorf("configuration %+v", c)
			}
			if c := configOf(s, testServer); len(c) != 1 || !c[0].HasPolicyFile {
				t.Errorf("configuration %+v", c)
			}
			if active, spared := activeIn(s); len(active) != 0 || len(spared) != 1 {
				t.Errorf("active %v, spared %v", active, spared)
			}
			f.remove(f.system, testName)
			reload(t, s)
			refuses(t, s, ErrMissingPolicyFile)
		})
	}
}

// The file in the ROM folder is there by name when the folders are listed, and
// gone when it is needed.
func TestCorruptSystemFileWhoseROMFileVanished(t *testing.T) {
	f := newFixture(t)
	f.write(f.rom, testName, compiled(t, 1))
	f.write(f.system, testName, nil)
	s := f.open()
	f.remove(f.rom, testName)
	refuses(t, s, ErrBadPolicyFile)
	same(t, "problems", f.said(), []string{"ERROR system/" + testName})
}

func TestNamesThatDifferInCase(t *testing.T) {
	for _, c := range []struct {
		drive string
		want  []string
	}{
		{"system", []string{"WARN system/" + testName}},
		{"rom", []string{"ERROR rom/" + testName}},
	} {
		f := newFixture(t)
		f.write(f.rom, testName, compiled(t, 1))
		folder := filepath.Join(filepath.Dir(f.rom), c.drive)
		f.write(folder, testName, compiled(t, 2))
		f.write(folder, strings.ToUpper(testName), compiled(t, 2))
		s := f.open()
		same(t, "problems before anything is asked", f.said(), c.want)
		if c.drive == "system" {
			answers(t, s, 1)
		} else {
			refuses(t, s, ErrBadPolicyFile)
		}
		same(t, "problems", f.said(), []string(nil))
	}
}

func TestOtherNamesAreReportedOnce(t *testing.T) {
	f := newFixture(t)
	f.write(f.rom, "readme.txt", nil)
	f.write(f.system, "ups_1_2.rsc", nil)
	f.write(f.system, ".ups-draft.tmp", nil)
	if err := os.Mkdir(filepath.Join(f.system, "old"), 0o777); err != nil {
		t.Fatal(err)
	}
	f.write(filepath.Join(f.system, "old"), testName, compiled(t, 1))
	s := f.open()
	want := []string{"INFO rom/readme.txt", "INFO system/old", "INFO system/ups_1_2.rsc"}
	if !errors.Is(f.problems[0].Err, ErrInvalidPolicyFileName) {
		t.Error(f.problems[0].Err)
	}
	same(t, "problems", f.said(), want)
	refuses(t, s, ErrMissingPolicyFile)
	reload(t, s)
	same(t, "problems after a reload", f.said(), []string(nil))
	f.remove(f.rom, "readme.txt")
	reload(t, s)
	f.write(f.rom, "readme.txt", nil)
	reload(t, s)
	same(t, "problems after it came back", f.said(), want[:1])
}

// What isn't a file but has the name of a policy file is a bad one.
func TestWhatIsNotAFile(t *testing.T) {
	places := map[string]func(path string) error{
		"pipe":     func(path string) error { return syscall.Mkfifo(path, 0o666) },
		"dangling": func(path string) error { return os.Symlink("nowhere", path) },
		"loop":     func(path string) error { return os.Symlink(testName, path) },
	}
	for name, place := range places {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			if err := place(filepath.Join(f.rom, testName)); err != nil {
				t.Fatal(err)
			}
			s := f.open()
			refuses(t, s, ErrBadPolicyFile)
			f.write(f.system, testName, compiled(t, 2))
			reload(t, s)
			answers(t, s, 2)
		})
	}
}

// A folder that is named like a policy file doesn't count as one.
func TestFolderNamedLikeAPolicyFile(t *testing.T) {
	places := map[string]func(path string) error{
		"folder":         func(path string) error { return os.Mkdir(path, 0o777) },
		"link to folder": func(path string) error { return os.Symlink(".", path) },
	}
	for name, place := range places {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			if err := place(filepath.Join(f.system, testName)); err != nil {
				t.Fatal(err)
			}
			s := f.open()
			refuses(t, s, ErrMissingPolicyFile)
			same(t, "problems", f.said(), []string{"INFO system/" + testName})
			f.write(f.rom, testName, compiled(t, 1))
			reload(t, s)
			answers(t, s, 1)
		})
	}
}

func TestLinksAreFollowed(t *testing.T) {
	f := newFixture(t)
	f.write(filepath.Dir(f.rom), "elsewhere", compiled(t, 4))
	if err := os.Symlink("../elsewhere", filepath.Join(f.rom, testName)); err != nil {
		t.Fatal(err)
	}
	answers(t, f.open(), 4)
}

// root may read what nobody may; then there is nothing to see.
func TestUnreadableFileIsBad(t *testing.T) {
	f := newFixture(t)
	f.write(f.rom, testName, compiled(t, 1))
	path := filepath.Join(f.rom, testName)
	if err := os.Chmod(path, 0); err != nil {
		t.Fatal(err)
	}
	s := f.open()
	if _, err := os.ReadFile(path); err == nil {
		answers(t, s, 1)
		return
	}
	_, err := s.List(testServer, testService)
	if !errors.Is(err, ErrBadPolicyFile) || !errors.Is(err, fs.ErrPermission) {
		t.Error(err)
	}
}

func TestOpenRefuses(t *testing.T) {
	f := newFixture(t)
	f.write(f.rom, "file", nil)
	nowhere, file := filepath.Join(f.rom, "nowhere"), filepath.Join(f.rom, "file")
	for _, c := range []struct {
		rom, system string
		want        error
	}{
		{"", f.system, ErrMissingArgument},
		{nowhere, f.system, fs.ErrNotExist},
		{file, "", syscall.ENOTDIR},
		{f.rom, file, syscall.ENOTDIR},
		{f.rom, nowhere, nil},
		{f.rom, "", nil},
	} {
		if _, err := Open(c.rom, c.system, StoreOptions{Report: f.report}); !errors.Is(err, c.want) {
			t.Errorf("%q %q: %v, want %v", c.rom, c.system, err, c.want)
		}
	}
}

func TestFirstLoadsLoadOnce(t *testing.T) {
	f := newFixture(t)
	f.write(f.rom, testName, compiled(t, 1))
	s := f.open()
	lists := make([]*List, 32)
	var g sync.WaitGroup
	for i := range lists {
		g.Go(func() { lists[i], _ = s.List(testServer, testService) })
	}
	g.Wait()
	for _, l := range lists {
		if l == nil || l != lists[0] {
			t.Fatal("loaded more than once")
		}
	}
}

func TestFilesAreLoadedWhenNeeded(t *testing.T) {
	f := newFixture(t)
	f.write(f.rom, testName, compiled(t, 1))
	s := f.open()
	f.write(f.rom, testName, compiled(t, 2))
	answers(t, s, 2)
	f.write(f.rom, testName, compiled(t, 3))
	answers(t, s, 2)
}

func TestFileThatVanishedBeforeItWasNeeded(t *testing.T) {
	f := newFixture(t)
	f.write(f.system, testName, compiled(t, 2))
	s := f.open()
	f.remove(f.system, testName)
	refuses(t, s, ErrMissingPolicyFile)
	same(t, "problems", f.said(), []string(nil))
}

// That a folder is gone says nothing about its files: a service that counted
// as one without policies would be allowed what it is to guard.
func TestFolderThatVanishedBeforeItWasNeeded(t *testing.T) {
	f := newFixture(t)
	f.write(f.rom, testName, compiled(t, 2))
	s := f.open()
	f.remove(f.rom)
	refuses(t, s, ErrBadPolicyFile)
	same(t, "problems", f.said(), []string{"ERROR rom/" + testName})
}

func TestServices(t *testing.T) {
	f := newFixture(t)
	f.write(f.rom, fileName(2, 1), nil)
	f.write(f.rom, fileName(1, 2), nil)
	f.write(f.system, fileName(1, 2), nil)
	f.write(f.system, fileName(1, 1), nil)
	same(t, "services", f.open().current.Load().services(), []policy.Service{
		{Server: 1, Service: 1}, {Server: 1, Service: 2}, {Server: 2, Service: 1},
	})
}

func TestProblemsAreLogged(t *testing.T) {
	var b strings.Builder
	logger := slog.New(slog.NewTextHandler(&b, nil))
	f := newFixture(t)
	f.write(f.rom, testName, nil)
	s, err := Open(f.rom, "", StoreOptions{Report: LogProblems(logger)})
	if err != nil {
		t.Fatal(err)
	}
	refuses(t, s, ErrBadPolicyFile)
	for _, part := range []string{"level=ERROR", "path=" + filepath.Join(f.rom, testName), "bad policy file", "policies=" + testName} {
		if !strings.Contains(b.String(), part) {
			t.Errorf("no %s in %s", part, b.String())
		}
	}
}
