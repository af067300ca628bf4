//go:build !windows

package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"ups/runtime/decision"
	"ups/runtime/decision/decisiontest"
	"ups/runtime/decision/sqlite"
)

var restrictedChildren = map[string]func(args []string) error{
	"read-only": readOnlyChild,
	"full":      fullChild,
	"stuck":     stuckChild,
	"start":     startChild,
	"making":    makingChild,
}

// nobody is a user who owns nothing.
const nobody = 65534

// runChild runs a child, as nobody if this process could write anywhere, and
// fails the test with what the child says.
func runChild(t *testing.T, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(copyOfTest(t), args...)
	cmd.Env = append(os.Environ(), childEnv+"="+name)
	if os.Getuid() == 0 && name != "full" && name != "making" {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s %v: %v\n%s", name, args, err, out)
	}
}

// copyOfTest copies the test binary to where anyone may run it.
func copyOfTest(t *testing.T) string {
	t.Helper()
	in, err := os.Open(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	path := filepath.Join(openDir(t, 0o755), "child")
	out, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(out, in)
	if err := errors.Join(err, out.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// openDir returns a directory with these rights, that anyone may reach.
func openDir(t *testing.T, mode os.FileMode) string {
	t.Helper()
	dir := t.TempDir()
	if err := errors.Join(os.Chmod(filepath.Dir(dir), 0o755), os.Chmod(dir, mode)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestReadOnly checks that what can be read is read, and that the fault is
// reported: with the directory closed to writing too, and without.
func TestReadOnly(t *testing.T) {
	for _, mode := range []os.FileMode{0o555, 0o777} {
		t.Run(mode.String(), func(t *testing.T) {
			path := filepath.Join(openDir(t, 0o777), "d.db")
			db := open(t, path, -1)
			fill(t, db, 0, 30)
			db.Close()
			os.Remove(path + ".lock")
			if err := errors.Join(os.Chmod(path, 0o444), os.Chmod(filepath.Dir(path), mode)); err != nil {
				t.Fatal(err)
			}
			before := read(t, path)
			runChild(t, "read-only", path)
			if string(read(t, path)) != string(before) {
				t.Error("the file was changed")
			}
		})
	}
}

func readOnlyChild(args []string) error {
	db, events, err := openChild(args[0])
	if err != nil {
		return err
	}
	defer db.Close()
	if len(*events) != 1 || (*events)[0].MovedTo != "" || !errors.Is((*events)[0].Err, decision.ErrReadOnly) {
		return fmt.Errorf("events %+v, want one of ErrReadOnly", *events)
	}
	ctx := context.Background()
	if _, found, err := db.Lookup(ctx, decisiontest.Sample(7).Key); err != nil || !found {
		return fmt.Errorf("lookup: %v %w", found, err)
	}
	if n, err := db.Count(ctx, decision.Filter{}); err != nil || n != 30 {
		return fmt.Errorf("%d records, want 30: %w", n, err)
	}
	if _, err := db.Store(ctx, decisiontest.Sample(99)); !errors.Is(err, decision.ErrReadOnly) {
		return fmt.Errorf("storing: %w, want ErrReadOnly", err)
	}
	return nil
}

// TestStuck checks that where a damaged file can't be moved aside, every
// operation says so, and that all is well again as soon as it can be.
func TestStuck(t *testing.T) {
	runChild(t, "stuck", filepath.Join(openDir(t, 0o777), "mine", "d.db"))
}

func stuckChild(args []string) error {
	path, ctx := args[0], context.Background()
	if err := os.Mkdir(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	db, events, err := openChild(path)
	if err != nil || len(*events) != 0 {
		return fmt.Errorf("events %v: %w", *events, err)
	}
	defer db.Close()
	for i := range 100 {
		if _, err := db.Store(ctx, decisiontest.Sample(i)); err != nil {
			return err
		}
	}
	return damageInClosedDir(ctx, db, path, events)
}

func damageInClosedDir(ctx context.Context, db decision.DB, path string, events *[]sqlite.Event) error {
	if err := errors.Join(os.Chmod(filepath.Dir(path), 0o555), os.Truncate(path, sqlite.PageSize), os.Truncate(path+"-wal", 0)); err != nil {
		return err
	}
	for range 3 {
		if _, err := db.Count(ctx, decision.Filter{}); !errors.Is(err, decision.ErrCorrupt) {
			return fmt.Errorf("counting: %w, want ErrCorrupt", err)
		}
	}
	if len(*events) != 0 {
		return fmt.Errorf("events %v, but nothing was moved", *events)
	}
	if err := os.Chmod(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if _, err := db.Store(ctx, decisiontest.Sample(1)); err != nil || len(*events) != 1 {
		return fmt.Errorf("events %v, want one: %w", *events, err)
	}
	return nil
}

// TestFull lets files grow to a limit only. A disk that is full fails in the
// same calls; TestFullByCount has the error that SQLite returns for it.
func TestFull(t *testing.T) {
	path := filepath.Join(t.TempDir(), "d.db")
	db := open(t, path, -1)
	fill(t, db, 0, 30)
	db.Close()
	runChild(t, "full", path, "100000")
	recs := decisiontest.All(t, open(t, path, -1), decision.Filter{})
	if len(recs) < 31 {
		t.Errorf("%d records afterwards, want more than 30", len(recs))
	}
}

func fullChild(args []string) error {
	limit, err := strconv.ParseUint(args[1], 10, 64)
	if err != nil {
		return err
	}
	signal.Ignore(syscall.SIGXFSZ)
	db, events, err := openChild(args[0])
	if err != nil {
		return err
	}
	defer db.Close()
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		return err
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: old.Max}); err != nil {
		return err
	}
	stored, err := storeUntilFull(db)
	if err != nil {
		return err
	}
	if err := wantSamples(db, stored); err != nil {
		return fmt.Errorf("while full: %w", err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		return err
	}
	if _, err := db.Store(context.Background(), decisiontest.Sample(stored)); err != nil {
		return fmt.Errorf("no longer full: %w", err)
	}
	if len(*events) != 0 {
		return fmt.Errorf("a full disk was taken for damage: %+v", *events)
	}
	return wantSamples(db, stored+1)
}

// storeUntilFull returns the number of samples that are stored when one fails.
func storeUntilFull(db decision.DB) (int, error) {
	for n := 30; n < 10000; n++ {
		_, err := db.Store(context.Background(), decisiontest.Sample(n))
		switch {
		case errors.Is(err, decision.ErrCorrupt):
			return 0, err
		case err != nil:
			return n, nil
		}
	}
	return 0, errors.New("the limit wasn't met")
}

// wantSamples expects the first n samples and no other record.
func wantSamples(db decision.DB, n int) error {
	for i := range n {
		if _, found, err := db.Lookup(context.Background(), decisiontest.Sample(i).Key); err != nil || !found {
			return fmt.Errorf("sample %d: found %v, %w", i, found, err)
		}
	}
	if got, err := db.Count(context.Background(), decision.Filter{}); err != nil || got != n {
		return fmt.Errorf("%d records, want %d: %w", got, n, err)
	}
	return nil
}
