package runtime

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"ups/policy"
)

// fixture is a store in the making, and what it reported.
type fixture struct {
	tb          testing.TB
	rom, system string
	mu          sync.Mutex
	problems    []Problem
	changes     [][]Change
	watcher     *fakeWatcher // in place of the system's if it isn't nil: then the test runs in a bubble
}

func newFixture(tb testing.TB) *fixture {
	tb.Helper()
	dir := tb.TempDir()
	f := &fixture{tb: tb, rom: filepath.Join(dir, "rom"), system: filepath.Join(dir, "system")}
	for _, folder := range []string{f.rom, f.system} {
		if err := os.Mkdir(folder, 0o777); err != nil {
			tb.Fatal(err)
		}
	}
	return f
}

// In a bubble this takes no time. Outside of one files that tests put in place
// have rested already.
const testSettle = 80 * time.Millisecond

func (f *fixture) open() *Store {
	f.tb.Helper()
	s, err := Open(f.rom, f.system, StoreOptions{Report: f.report, Settle: testSettle})
	if err != nil {
		f.tb.Fatal(err)
	}
	s.Subscribe(func(changes []Change, _ *Snapshot) { f.change(changes) })
	if f.watcher != nil {
		s.newWatcher = func() (watcher, error) { return f.watcher, nil }
	}
	return s
}

func configOf(s *Store, server uint32) (configs []ServiceConfig) {
	s.Read(func(now *Snapshot) { configs = now.Config(server) })
	return configs
}

func activeIn(s *Store) (active map[policy.Service]uint16, bad []policy.Service) {
	s.Read(func(now *Snapshot) { active, bad = now.Active() })
	return active, bad
}

func (f *fixture) report(p Problem) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.problems = append(f.problems, p)
}

func (f *fixture) change(changes []Change) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.changes = append(f.changes, changes)
}

// said returns what was reported since it was last asked, as level and path
// below the fixture's folder, sorted.
func (f *fixture) said() []string {
	f.rest()
	f.mu.Lock()
	defer f.mu.Unlock()
	var lines []string
	for _, p := range f.problems {
		path, err := filepath.Rel(filepath.Dir(f.rom), p.Path)
		if err != nil || !strings.Contains(p.Err.Error(), p.Path) {
			f.tb.Errorf("problem of %s doesn't name its path: %v", p.Path, p.Err)
		}
		lines = append(lines, fmt.Sprintf("%v %s", p.Level, filepath.ToSlash(path)))
	}
	f.problems = nil
	slices.Sort(lines)
	return lines
}

// changed returns the changes since it was last asked, one line each.
func (f *fixture) changed() []string {
	f.rest()
	f.mu.Lock()
	defer f.mu.Unlock()
	var lines []string
	for _, all := range f.changes {
		for _, c := range all {
			lines = append(lines, fmt.Sprintf("%v %x %s-%s", c.Kind, c.Service.Service, major(c.Old), major(c.New)))
		}
	}
	f.changes = nil
	return lines
}

func major(l *List) string {
	if l == nil {
		return ""
	}
	return fmt.Sprint(l.File().Header.MajorVersion)
}

func (f *fixture) write(folder, name string, b []byte) {
	f.tb.Helper()
	path := filepath.Join(folder, name)
	f.touch(func() error { return os.WriteFile(path, b, 0o666) }, path)
}

func (f *fixture) remove(path ...string) {
	f.tb.Helper()
	all := filepath.Join(path...)
	f.touch(func() error { return os.RemoveAll(all) }, all)
}

func (f *fixture) mkdir(path string) {
	f.tb.Helper()
	f.touch(func() error { return os.MkdirAll(path, 0o777) }, path)
}

func (f *fixture) rename(from, to string) {
	f.tb.Helper()
	f.touch(func() error { return os.Rename(from, to) }, from, to)
}

// replace puts a file in place of another at one moment. It was written long ago.
func (f *fixture) replace(folder, name string, b []byte) {
	f.tb.Helper()
	f.write(folder, "."+name, b)
	then := time.Now().Add(-time.Hour)
	if err := os.Chtimes(filepath.Join(folder, "."+name), then, then); err != nil {
		f.tb.Fatal(err)
	}
	f.rename(filepath.Join(folder, "."+name), filepath.Join(folder, name))
}

// rest waits, in a bubble, until all else waits: callbacks have been made.
func (f *fixture) rest() {
	if f.watcher != nil {
		synctest.Wait()
	}
}

// touch does what changes those paths. In a bubble it does so while all else
// waits, sets the times to the bubble's clock, and notifies the watcher.
func (f *fixture) touch(change func() error, paths ...string) {
	f.tb.Helper()
	f.rest()
	var before []bool
	for _, path := range paths {
		before = append(before, exists(path))
	}
	if err := change(); err != nil {
		f.tb.Fatal(err)
	}
	for i, path := range paths {
		if f.watcher != nil {
			f.date(path, before[i])
			f.watcher.notify(path)
		}
	}
}

// date sets the time of a path that was changed, and of its folder if a name
// came or went, to that of the bubble. A renamed file keeps its own.
func (f *fixture) date(path string, was bool) {
	f.tb.Helper()
	now := time.Now()
	info, err := os.Stat(path)
	if err == nil && info.ModTime().After(now) { // it has the time outside of the bubble
		err = os.Chtimes(path, now, now)
	}
	if folder := filepath.Dir(path); was != exists(path) && exists(folder) {
		err = os.Chtimes(folder, now, now)
	}
	if err != nil && !os.IsNotExist(err) {
		f.tb.Fatal(err)
	}
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// fileName is the name of the compiled file of a service.
func fileName(server, service uint32) string {
	return policy.Service{Server: server, Service: service}.FileName(policy.CompiledExt)
}
