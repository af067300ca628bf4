package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"ups/cmd/ups/internal/console"
	"ups/runtime/decision"
	"ups/runtime/decision/decisiontest"
	"ups/runtime/decision/sqlite"
)

// record returns the nth of records that are all different, with whatever may
// stand in one.
func record(random *rand.Rand, n int) decision.Record {
	raw := func(limit int) string {
		b := make([]byte, random.IntN(limit+1))
		for i := range b {
			b[i] = byte(random.Uint32())
		}
		return string(b)
	}
	description := strings.ReplaceAll(strings.ToValidUTF8(raw(200), "\u202e\u0085\u200b日"), "\x00", "\x1b[2J")
	return decision.Record{
		Key: decision.Key{
			Client: uint32(n), Evaluator: random.Uint32(), Service: random.Uint32() % 3, Server: random.Uint32(),
			Fingerprint: raw(decision.MaxFingerprint), Entity: raw(decision.MaxEntity), Major: uint16(random.Uint32()),
		},
		Description: description, Result: decision.Result(random.IntN(2)), Info: random.Uint32(),
	}
}

// database makes a database of n records in a folder.
func database(t *testing.T, dir, name string, n int) string {
	t.Helper()
	path := filepath.Join(dir, name)
	db, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, uint64(n)))
	var recs []decision.Record
	for i := range n {
		recs = append(recs, record(random, i))
	}
	if err := errors.Join(db.StoreAll(t.Context(), decisiontest.Each(recs)), db.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// stored returns the number of records in a database, by way of the command.
func stored(t *testing.T, dir, name string) int {
	t.Helper()
	got := ups(t, dir, "", "decisions", "list", "--json", "--db", name)
	if got.status != console.StatusDone {
		t.Fatalf("%+v", got)
	}
	return strings.Count(got.stdout, "\n")
}

// TestDecisionsRoundTrip shows for records of any content that an import of an
// export has the same export.
func TestDecisionsRoundTrip(t *testing.T) {
	dir := t.TempDir()
	database(t, dir, "a.db", 800)
	first := ups(t, dir, "", "decisions", "export", "--db", "a.db")
	imported := ups(t, dir, first.stdout, "decisions", "import", "--db", "b.db", "-")
	if imported.stdout != "800 records imported: 800 new, 0 updated\n" {
		t.Fatalf("%+v", imported)
	}
	second := ups(t, dir, "", "decisions", "export", "--db", "b.db")
	if first.status != console.StatusDone || strings.Count(first.stdout, "\n") != 800 || first != second {
		t.Errorf("another export:\n%.300s\nwant\n%.300s", second.stdout, first.stdout)
	}
}

// TestDecisionsPrintable shows that nothing that is stored gets to a terminal
// but what prints, and that each record is a line.
func TestDecisionsPrintable(t *testing.T) {
	dir := t.TempDir()
	database(t, dir, "a.db", 1100) // more than are aligned at once
	for args, lines := range map[string]int{
		"list": 1101, "list --json": 1100, "export": 1100, "remove --where service=1 --dry-run": 0, "update --result never -n 1 2": 3,
	} {
		got := ups(t, dir, "", append([]string{"decisions", "--db", "a.db"}, strings.Fields(args)...)...)
		if n := strings.Count(got.stdout, "\n"); got.status != console.StatusDone || n != lines && lines > 0 || n == 0 {
			t.Errorf("%s: status %d, %d lines, %s", args, got.status, n, got.stderr)
		}
		for _, r := range got.stdout {
			if r != '\n' && !unicode.IsPrint(r) {
				t.Fatalf("%s: %U is written", args, r)
			}
		}
	}
}

// TestDecisionsLocked shows what can be done beside a service that is using
// the database, and what is said otherwise.
func TestDecisionsLocked(t *testing.T) {
	dir := t.TempDir()
	path := database(t, dir, "a.db", 3)
	writeSource(t, filepath.Join(dir, "lines"), "")
	owner, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close()
	if _, err := owner.Store(t.Context(), decision.Record{}); err != nil {
		t.Fatal(err)
	}
	for _, args := range []string{"list --json", "export", "remove --where id>0 -n --json"} {
		got := ups(t, dir, "", append([]string{"decisions", "--db", "a.db"}, strings.Fields(args)...)...)
		if got.status != console.StatusDone || strings.Count(got.stdout, "\n") != 4 {
			t.Errorf("%s: %+v", args, got)
		}
	}
	want := result{console.StatusFailed, "", "ups: a.db: a service, or another command, is using the database, and nothing was changed\n" +
		"     hint: stop the service first; list and export can read beside it\n"}
	for _, args := range []string{"update --result never 1", "remove --where id=1 --yes", "clear --yes", "import lines"} {
		if got := ups(t, dir, "", append([]string{"decisions", "--db", "a.db"}, strings.Fields(args)...)...); got != want {
			t.Errorf("%s: %+v", args, got)
		}
	}
	if n := stored(t, dir, "a.db"); n != 4 {
		t.Errorf("%d records are left", n)
	}
}

// TestDecisionsConfirm answers the question that is asked on a terminal.
func TestDecisionsConfirm(t *testing.T) {
	tests := []struct {
		args, answer string
		status, left int
	}{
		{"clear", "y\n", console.StatusDone, 0},
		{"clear", " YES \n", console.StatusDone, 0},
		{"clear", "yes", console.StatusDone, 0},
		{"clear", "\n", console.StatusFailed, 3},
		{"clear", "", console.StatusFailed, 3},
		{"clear", "no\n", console.StatusFailed, 3},
		{"clear", "yesterday\n", console.StatusFailed, 3},
		{"remove --where id<3", "y\n", console.StatusDone, 1},
		{"remove --where id<3", "n\n", console.StatusFailed, 3},
		{"import --replace lines", "y\n", console.StatusDone, 1},
		{"import --replace lines", "n\n", console.StatusFailed, 3},
	}
	for _, tt := range tests {
		dir := t.TempDir()
		t.Chdir(dir)
		database(t, dir, "a.db", 3)
		line, err := decision.Encode(decision.Record{})
		if err != nil {
			t.Fatal(err)
		}
		writeSource(t, "lines", string(line))
		var stdout, stderr strings.Builder
		con := &console.Console{
			Stdin: strings.NewReader(tt.answer), Stdout: &stdout, Stderr: &stderr,
			Getenv: os.Getenv, IsTerminal: func(any) bool { return true },
		}
		status := run(t.Context(), con, append([]string{"decisions", "--db", "a.db"}, strings.Fields(tt.args)...))
		asked := strings.HasPrefix(stderr.String(), "Remove ") && strings.Contains(stderr.String(), " from a.db")
		declined := strings.Contains(stderr.String(), "not confirmed, and nothing was changed")
		if status != tt.status || !asked || declined != (status != console.StatusDone) {
			t.Errorf("%s, %q: status %d, %q", tt.args, tt.answer, status, stderr.String())
		}
		if n := stored(t, dir, "a.db"); n != tt.left {
			t.Errorf("%s, %q: %d records are left", tt.args, tt.answer, n)
		}
	}
}

// TestDecisionsInterrupted ends commands that wait for a person, or for
// input, with nothing changed.
func TestDecisionsInterrupted(t *testing.T) {
	for _, args := range []string{"clear", "import -", "import --dry-run -"} {
		dir := t.TempDir()
		t.Chdir(dir)
		database(t, dir, "a.db", 3)
		ctx, cancel := context.WithCancel(t.Context())
		stdin, typist := io.Pipe()
		var stderr strings.Builder
		con := &console.Console{
			Stdin: stdin, Stdout: io.Discard, Stderr: &stderr,
			Getenv: os.Getenv, IsTerminal: func(any) bool { return true },
		}
		done := make(chan int)
		go func() { done <- run(ctx, con, append([]string{"decisions", "--db", "a.db"}, strings.Fields(args)...)) }()
		if _, err := typist.Write([]byte("y")); err != nil { // it is read: the command waits
			t.Fatal(err)
		}
		cancel()
		if status := <-done; status != console.StatusFailed || !strings.HasSuffix(stderr.String(), "ups: interrupted\n") {
			t.Errorf("%s: status %d, %q", args, status, stderr.String())
		}
		typist.Close()
		if n := stored(t, dir, "a.db"); n != 3 {
			t.Errorf("%s: %d records are left", args, n)
		}
	}
}

// TestDecisionsClosedPipe has output that nobody reads. That is no failure,
// unless records would be lost by it.
func TestDecisionsClosedPipe(t *testing.T) {
	dir := t.TempDir()
	database(t, dir, "a.db", 500)
	for args, want := range map[string]result{
		"list": {}, "list --json": {}, "export": {},
		"remove --where id>0 --yes --json": {status: console.StatusFailed, stderr: "ups: nothing was removed: nobody reads what is written\n"},
	} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
		var stderr strings.Builder
		cmd := processOf(t, dir, "ups", append([]string{"decisions", "--db", "a.db"}, strings.Fields(args)...)...)
		cmd.Stdout, cmd.Stderr = w, &stderr
		cmd.Run() // its status is what counts
		w.Close()
		if got := (result{cmd.ProcessState.ExitCode(), "", stderr.String()}); got != want {
			t.Errorf("%s: %+v", args, got)
		}
	}
	if n := stored(t, dir, "a.db"); n != 500 {
		t.Errorf("%d records are left", n)
	}
}

// TestDecisionsDamagedInside has damage that is found only when the records
// are read: the file is kept, byte for byte, and reported.
func TestDecisionsDamagedInside(t *testing.T) {
	for _, args := range []string{"remove --where description=x --yes", "clear --yes", "import --replace --yes lines"} {
		dir := t.TempDir()
		path := database(t, dir, "a.db", 1200)
		writeSource(t, filepath.Join(dir, "lines"), "")
		damaged, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for at := 20 * 4096; at < 60*4096; at += 4096 { // some hold records, some keys
			damaged[at+2000] ^= 4
		}
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		if got := ups(t, dir, "", "decisions", "list", "--db", "a.db"); got.status != console.StatusFailed || !strings.Contains(got.stderr, "nothing was moved") {
			t.Errorf("%+v", got)
		}
		got := ups(t, dir, "", append([]string{"decisions", "--db", "a.db"}, strings.Fields(args)...)...)
		moved, err := filepath.Glob(path + ".damaged-*Z")
		if err != nil || len(moved) != 1 {
			t.Fatalf("%s: moved: %v, %v, %+v", args, moved, err, got)
		}
		reported := strings.Contains(got.stderr, "moved aside to a.db.damaged-") && strings.Contains(got.stderr, "a new, empty one was begun")
		if got.status != console.StatusFailed || got.stdout != "" || !reported || strings.Count(got.stderr, "ups:") != 1 {
			t.Errorf("%s: %+v", args, got)
		}
		if kept, err := os.ReadFile(moved[0]); err != nil || !bytes.Equal(kept, damaged) {
			t.Errorf("%s: what was kept differs: %v", args, err)
		}
		if n := stored(t, dir, "a.db"); n != 0 {
			t.Errorf("%s: %d records", args, n)
		}
	}
}

// TestDecisionsImportKilled kills imports at any moment after they opened the
// database: all records are there afterwards, or none.
func TestDecisionsImportKilled(t *testing.T) {
	const n, kills = 1000, 8
	dir := t.TempDir()
	database(t, dir, "a.db", n)
	database(t, dir, "b.db", 0)
	if got := ups(t, dir, "", "decisions", "export", "--db", "a.db", "-o", "lines"); got.status != console.StatusDone {
		t.Fatalf("%+v", got)
	}
	none := 0
	for i := range kills {
		cmd := processOf(t, dir, "ups", "decisions", "import", "--db", "b.db", "lines")
		done := make(chan struct{})
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		go func() {
			defer close(done)
			cmd.Wait() // it was killed, or was faster
		}()
		awaitFile(filepath.Join(dir, "b.db-wal"), done)
		time.Sleep(time.Duration(i) * 4 * time.Millisecond)
		cmd.Process.Kill()
		<-done
		switch stored(t, dir, "b.db") {
		case 0:
			none++
		case n:
		default:
			t.Fatal("part of the records were stored")
		}
		// The last process that changes the database removes the log.
		if got := ups(t, dir, "", "decisions", "clear", "--db", "b.db", "--yes"); got.status != console.StatusDone {
			t.Fatalf("%+v", got)
		}
	}
	if none == 0 {
		t.Error("no kill hit an import: the test shows nothing")
	}
}

// awaitFile returns when a file is there, or the process that makes it has ended.
func awaitFile(name string, done <-chan struct{}) {
	for {
		if _, err := os.Stat(name); err == nil {
			return
		}
		select {
		case <-done:
			return
		case <-time.After(time.Millisecond):
		}
	}
}
