package runtime

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// watch opens and watches a store until the test ends.
func (f *fixture) watch() *Store {
	f.tb.Helper()
	return f.watchStore(f.open())
}

func (f *fixture) watchStore(s *Store) *Store {
	f.tb.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done, err := s.Watch(ctx)
	if err != nil {
		f.tb.Fatal(err)
	}
	f.tb.Cleanup(func() {
		cancel()
		<-done
	})
	return s
}

// longest is how long a test waits for what must happen.
const longest = 30 * time.Second

// becomes waits until the store answers with the file of that major version: 0
// for no file, -1 for a bad one. On the way it may only have given those of
// between.
func (f *fixture) becomes(s *Store, want int, between ...int) {
	f.tb.Helper()
	for end := time.Now().Add(longest); ; time.Sleep(testSettle / 20) {
		got := version(s)
		if got == want {
			return
		}
		legal := false
		for _, b := range between {
			legal = legal || got == b
		}
		if !legal || time.Now().After(end) {
			f.tb.Fatalf("version %d on the way from %v to %d", got, between, want)
		}
	}
}

// stays fails if the store answers with another version before d is over.
func (f *fixture) stays(s *Store, want int, d time.Duration) {
	f.tb.Helper()
	for end := time.Now().Add(d); ; time.Sleep(testSettle / 20) {
		got := version(s)
		if time.Now().After(end) {
			return
		}
		if got != want {
			f.tb.Fatalf("version %d, want %d", got, want)
		}
	}
}

// version returns the major version that the store answers with, 0 for none and
// -1 for a bad file.
func version(s *Store) int {
	l, err := s.List(testServer, testService)
	switch {
	case errors.Is(err, ErrMissingPolicyFile):
		return 0
	case err != nil:
		return -1
	}
	return int(l.File().Header.MajorVersion)
}

// age makes a file look as if it had been written long ago.
func (f *fixture) age(folder, name string) {
	f.tb.Helper()
	then := time.Now().Add(-time.Hour)
	if err := os.Chtimes(filepath.Join(folder, name), then, then); err != nil {
		f.tb.Fatal(err)
	}
}

func TestWatchFollowsFiles(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		f.write(f.rom, testName, compiled(t, 1))
		s := f.watch()
		f.becomes(s, 1)
		f.write(f.rom, testName, compiled(t, 2))
		f.becomes(s, 2, 1)
		f.write(f.system, testName, compiled(t, 3))
		f.becomes(s, 3, 2)
		f.remove(f.system, testName)
		f.becomes(s, 2, 3)
		f.remove(f.rom, testName)
		f.becomes(s, 0, 2)
		f.write(f.rom, testName, compiled(t, 4))
		f.becomes(s, 4, 0)
		same(t, "problems", f.said(), []string(nil))
	})
}

// writeSlowly writes a file in place, piece by piece, and calls after each.
func (f *fixture) writeSlowly(folder, name string, b []byte, each func()) {
	f.tb.Helper()
	path := filepath.Join(folder, name)
	var w *os.File
	f.touch(func() (err error) {
		w, err = os.Create(path)
		return err
	}, path)
	defer w.Close()
	const pieces = 12
	for i := range pieces {
		f.touch(func() error {
			_, err := w.Write(b[len(b)*i/pieces : len(b)*(i+1)/pieces])
			return err
		}, path)
		each()
	}
}

// The writing lasts for three times as long as a file must rest.
func TestHalfWrittenFileNeverTakesEffect(t *testing.T) {
	for _, drive := range []string{"rom", "system"} {
		t.Run(drive, func(t *testing.T) {
			inBubble(t, func(t *testing.T, f *fixture) {
				f.write(f.rom, testName, compiled(t, 1))
				s := f.watch()
				f.becomes(s, 1)
				folder := filepath.Join(filepath.Dir(f.rom), drive)
				f.writeSlowly(folder, testName, compiled(t, 2), func() { f.stays(s, 1, testSettle/4) })
				f.becomes(s, 2, 1)
				same(t, "problems", f.said(), []string(nil))
			})
		})
	}
}

func TestNewHalfWrittenFileIsNotThere(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		s := f.watch()
		f.becomes(s, 0)
		f.writeSlowly(f.system, testName, compiled(t, 2), func() { f.stays(s, 0, testSettle/4) })
		f.becomes(s, 2, 0)
		same(t, "problems", f.said(), []string(nil))
		same(t, "changes", f.changed(), []string{"added 1000a00a -"})
	})
}

// Nobody had asked for the file before its writer began: the first who asks
// gets it whole.
func TestFirstLoadWaitsForHalfWrittenFile(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		f.write(f.system, testName, compiled(t, 1))
		f.write(f.rom, testName, compiled(t, 9))
		f.age(f.system, testName)
		s := f.watch()
		got := make(chan int, 1)
		first := true
		f.writeSlowly(f.system, testName, compiled(t, 2), func() {
			if first {
				go func() { got <- version(s) }()
				first = false
			}
			time.Sleep(testSettle / 4)
		})
		if v := <-got; v != 2 {
			t.Errorf("version %d", v)
		}
		same(t, "problems", f.said(), []string(nil))
	})
}

// A writer that never rests is not waited for without end.
func TestFirstLoadGivesUpOnFileThatKeepsChanging(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		f.write(f.rom, testName, compiled(t, 1))
		f.write(f.system, testName, compiled(t, 2))
		f.age(f.rom, testName)
		s := f.watch()
		stop, stopped := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(stopped)
			for {
				select {
				case <-stop:
					return
				case <-time.After(testSettle / 10):
					now := time.Now()
					os.Chtimes(filepath.Join(f.system, testName), now, now)
				}
			}
		}()
		if v := version(s); v != 1 {
			t.Errorf("version %d", v)
		}
		same(t, "problems", f.said(), []string{"WARN system/" + testName})
		close(stop)
		<-stopped
		f.becomes(s, 2, 1)
	})
}

func TestCorruptFileIsJudgedWhenItRests(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		f.write(f.rom, testName, compiled(t, 1))
		f.write(f.system, testName, compiled(t, 2))
		s := f.watch()
		f.becomes(s, 2)
		f.write(f.system, testName, []byte("corrupt"))
		f.stays(s, 2, testSettle*3/4)
		f.becomes(s, 1, 2)
		f.write(f.rom, testName, []byte("corrupt"))
		f.stays(s, 1, testSettle*3/4)
		f.becomes(s, -1, 1)
		same(t, "problems", f.said(), []string{"ERROR rom/" + testName, "WARN system/" + testName})
		f.write(f.system, testName, compiled(t, 3))
		f.becomes(s, 3, -1)
	})
}

// One file that is written without end doesn't hold up the others.
func TestFileThatKeepsChangingHoldsUpNoOther(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		f.write(f.rom, testName, compiled(t, 1))
		s := f.watch()
		f.becomes(s, 1)
		f.write(f.rom, testName, compiled(t, 2))
		end := time.Now().Add(longest)
		for version(s) != 2 && time.Now().Before(end) {
			f.write(f.rom, fileName(1, 1), compiled(t, 1))
			time.Sleep(testSettle / 10)
		}
		answers(t, s, 2)
	})
}

func TestWatchKeepsPoliciesWhileROMFolderIsGone(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		f.write(f.rom, testName, compiled(t, 1))
		s := f.watch()
		f.becomes(s, 1)
		f.rename(f.rom, f.rom+".old")
		f.stays(s, 1, 3*testSettle)
		same(t, "problems", f.said(), []string{"ERROR rom"})
		f.mkdir(f.rom)
		f.write(f.rom, testName, compiled(t, 2))
		back := time.Now()
		f.becomes(s, 2, 1)
		if took := time.Since(back); took > maxSettles*testSettle*3/4 {
			t.Errorf("the folder that came back was found after %v, as if no event had been sent", took)
		}
	})
}

func TestWatchTakesUpWhatChangedBeforeIt(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		f.write(f.rom, testName, compiled(t, 1))
		s := f.open()
		answers(t, s, 1)
		f.write(f.rom, testName, compiled(t, 2))
		ctx, cancel := context.WithCancel(context.Background())
		done, err := s.Watch(ctx)
		if err != nil {
			t.Fatal(err)
		}
		f.becomes(s, 2, 1)
		if _, err := s.Watch(ctx); !errors.Is(err, errWatched) {
			t.Errorf("second Watch: %v", err)
		}
		cancel()
		<-done
		f.write(f.rom, testName, compiled(t, 3))
		f.stays(s, 2, 3*testSettle)
		ctx, cancel = context.WithCancel(context.Background())
		done, err = s.Watch(ctx)
		if err != nil {
			t.Fatal(err)
		}
		f.becomes(s, 3, 2)
		cancel()
		<-done
	})
}

// A folder may come to be at the very moment at which it is looked for. It is
// watched all the same, whichever part of its path that is.
func TestWatchFindsFolderThatComesMeanwhile(t *testing.T) {
	for missing := 1; missing <= 3; missing++ {
		for first := 1; first <= 2*missing; first++ { // Watch searches once, and the goroutine it starts again
			t.Run(fmt.Sprintf("%d parts missing, from search %d on", missing, first), func(t *testing.T) {
				inBubble(t, func(t *testing.T, f *fixture) {
					f.replace(f.rom, testName, compiled(t, 1))
					f.remove(f.system)
					for i := 1; i < missing; i++ {
						f.system = filepath.Join(f.system, fmt.Sprint(i))
					}
					searches := 0
					f.watcher.missed = func(folder string) {
						if searches++; searches < first {
							return
						}
						if err := os.MkdirAll(folder, 0o777); err != nil {
							t.Error(err)
						}
						f.watcher.notify(folder)
					}
					s := f.watch()
					f.becomes(s, 1)
					time.Sleep(longest) // all events of the watcher are taken up
					f.rest()
					if searches < first || !exists(f.system) {
						t.Fatalf("searched %d times: the folder has not come", searches)
					}
					f.replace(f.system, testName, compiled(t, 2))
					f.becomes(s, 2, 1)
				})
			})
		}
	}
}
