//go:build !windows

package sqlite_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"ups/runtime/decision"
	"ups/runtime/decision/decisiontest"
	"ups/runtime/decision/sqlite"
)

// TestRefusesPipesAndDevices has what may block, or have an effect, when it is
// opened or read: as the database, and beside one.
func TestRefusesPipesAndDevices(t *testing.T) {
	makers := map[string]func(t *testing.T, path string) error{
		"pipe":   func(_ *testing.T, path string) error { return syscall.Mkfifo(path, 0o600) },
		"socket": listenAt,
		"device": func(_ *testing.T, path string) error { return os.Symlink("/dev/zero", path) },
	}
	for name, mk := range makers {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "d")
			if err := mk(t, path); err != nil {
				t.Fatal(err)
			}
			wantRefused(t, path, decision.ErrNotDatabase)
		})
		for _, suffix := range []string{"-wal", "-shm", "-journal", ".lock"} {
			t.Run(name+suffix, func(t *testing.T) {
				path := planted(t, suffix, true, func(t *testing.T, path string) {
					if err := mk(t, path); err != nil {
						t.Fatal(err)
					}
				})
				wantOpenRefused(t, path)
			})
		}
	}
}

// listenAt leaves a socket that nothing listens on. A socket's name must be short.
func listenAt(t *testing.T, path string) error {
	t.Chdir(filepath.Dir(path))
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Base(path), Net: "unix"})
	if err != nil {
		return err
	}
	l.SetUnlinkOnClose(false)
	return l.Close()
}

// TestTwoProcesses has a process own a database by one name, while others try
// by another.
func TestTwoProcesses(t *testing.T) {
	path := made(t, 5)
	alias := filepath.Join(t.TempDir(), "alias.db")
	if err := os.Symlink(path, alias); err != nil {
		t.Fatal(err)
	}
	for first, second := range map[string]string{path: alias, alias: path} {
		cmd := exec.Command(os.Args[0], first, "1")
		cmd.Env = append(os.Environ(), childEnv+"=write")
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := out.Read(make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Process.Signal(syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		if _, _, err := openFaulty(t, second); !errors.Is(err, decision.ErrLocked) {
			t.Errorf("%s beside %s: %v, want ErrLocked", second, first, err)
		}
		cmd.Process.Kill()
		cmd.Wait() // it was killed
		open(t, second, -1).Close()
	}
}

// TestStartersRace has processes make one database at once: one gets it, the
// others fail with ErrLocked, and no file is left.
func TestStartersRace(t *testing.T) {
	for range 5 {
		path := filepath.Join(t.TempDir(), "d.db")
		var children []*exec.Cmd
		for range 4 {
			cmd := exec.Command(os.Args[0], path)
			cmd.Env = append(os.Environ(), childEnv+"=start")
			cmd.Stderr = &bytes.Buffer{}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			children = append(children, cmd)
		}
		for range 50 { // to read beside who begins and ends
			view, err := sqlite.View(t.Context(), path)
			if err == nil {
				err = view.Close()
			}
			if err != nil && !errors.Is(err, os.ErrNotExist) {
				t.Errorf("viewing: %v", err)
			}
		}
		for _, cmd := range children {
			if err := cmd.Wait(); err != nil {
				t.Errorf("%v: %s", err, cmd.Stderr)
			}
		}
		db := open(t, path, -1)
		if n := count(t, db); n != 4 {
			t.Errorf("%d records of 4 that were acknowledged", n)
		}
		db.Close()
		if entries, err := os.ReadDir(filepath.Dir(path)); err != nil || len(entries) > 2 {
			t.Errorf("%v, %v: something was left", entries, err)
		}
	}
}

// startChild opens a database as soon as nobody else has it, and stores a
// record.
func startChild(args []string) error {
	for range 3000 {
		db, events, err := openChild(args[0])
		if errors.Is(err, decision.ErrLocked) {
			time.Sleep(time.Millisecond)
			continue
		}
		if err != nil || len(*events) > 0 {
			return fmt.Errorf("events %v: %w", *events, err)
		}
		rec := decisiontest.Sample(0)
		rec.Entity = strconv.Itoa(os.Getpid())
		_, err = db.Store(context.Background(), rec)
		return errors.Join(err, db.Close())
	}
	return errors.New("the database was never free")
}

// TestFullWhileMaking lets a new database grow to each of many limits: there
// is a whole one, or nothing at all.
func TestFullWhileMaking(t *testing.T) { runChild(t, "making", t.TempDir()) }

func makingChild(args []string) error {
	signal.Ignore(syscall.SIGXFSZ)
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		return err
	}
	failed, made := 0, 0
	for limit := uint64(0); limit < 70_000; limit += 1000 {
		dir := filepath.Join(args[0], fmt.Sprint(limit))
		if err := os.Mkdir(dir, 0o700); err != nil {
			return err
		}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: old.Max}); err != nil {
			return err
		}
		db, _, err := openChild(filepath.Join(dir, "d.db"))
		if again := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old); again != nil {
			return again
		}
		if err == nil {
			made++
			err = db.Close()
		} else if failed++; errors.Is(err, decision.ErrCorrupt) || errors.Is(err, decision.ErrNotDatabase) {
			return fmt.Errorf("at %d bytes: %w", limit, err)
		} else {
			err = onlyDatabase(dir)
		}
		if err != nil {
			return fmt.Errorf("at %d bytes: %w", limit, err)
		}
	}
	if failed < 3 || made < 3 {
		return fmt.Errorf("%d failed, %d made: the limits show nothing", failed, made)
	}
	return nil
}

// onlyDatabase expects nothing in a folder but a database that is whole, with
// what SQLite has beside it.
func onlyDatabase(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) == 0 {
		return err
	}
	path := filepath.Join(dir, "d.db")
	for _, e := range entries {
		switch filepath.Join(dir, e.Name()) {
		case path, path + "-wal", path + "-shm":
		default:
			return fmt.Errorf("%s is left", e.Name())
		}
	}
	view, err := sqlite.View(context.Background(), path)
	if err != nil {
		return err
	}
	return view.Close()
}
