package decisions

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"ups/cmd/ups/internal/console"
	"ups/runtime/decision"
	"ups/runtime/decision/decisiontest"
	"ups/runtime/decision/sqlite"
)

// TestEvents words what a database reports.
func TestEvents(t *testing.T) {
	readOnly := sqlite.Event{Path: "a.db", Err: fmt.Errorf("%w: permission denied", decision.ErrReadOnly)}
	moved := sqlite.Event{Path: "a.db", MovedTo: "a.db.damaged", Err: decision.ErrCorrupt}
	full := fmt.Errorf("decision database a.db: %w", decision.ErrFull)
	tests := []struct {
		name   string
		events []sqlite.Event
		err    error
		want   []string // errors
	}{
		{"none", nil, nil, []string{""}},
		{"another error", nil, full, []string{full.Error()}},
		{"read-only", []sqlite.Event{readOnly}, nil, []string{"a.db: decision database is read-only: permission denied"}},
		{"read-only, and it failed", []sqlite.Event{readOnly}, decision.ErrReadOnly, []string{"a.db: decision database is read-only: permission denied"}},
		{"damaged", []sqlite.Event{moved}, decision.ErrCorrupt,
			[]string{"a.db: decision database is damaged; it was moved aside to a.db.damaged, and a new, empty one was begun"}},
		{"damaged, and no room", []sqlite.Event{moved}, full,
			[]string{"a.db: decision database is damaged; it was moved aside to a.db.damaged", full.Error()}},
	}
	for _, tt := range tests {
		var e events
		for _, event := range tt.events {
			e.add(event)
		}
		got := ""
		if err := e.conclude(tt.err); err != nil {
			got = err.Error()
		}
		if got != strings.Join(tt.want, "\n") {
			t.Errorf("%s: %q", tt.name, got)
		}
	}
}

// recordOf returns the nth of records that are all different.
func recordOf(n int) decision.Record {
	return decision.Record{Key: decision.Key{Client: uint32(n), Service: 2, Server: 3}, Description: "+44", Result: decision.Always}
}

// databaseOf makes a database of n records in a folder.
func databaseOf(t *testing.T, dir string, n int) string {
	t.Helper()
	path := filepath.Join(dir, "a.db")
	db, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var recs []decision.Record
	for i := range n {
		recs = append(recs, recordOf(i))
	}
	if err := errors.Join(db.StoreAll(t.Context(), decisiontest.Each(recs)), db.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestReplaceFails has a database that refuses the new records: those
// that were there stay.
func TestReplaceFails(t *testing.T) {
	var stdout strings.Builder
	for refuse, left := range map[bool]int{false: 1, true: 3} {
		db := &refusing{DB: decision.NewMemory(), refuse: refuse}
		for n := range 3 {
			if _, err := db.Store(t.Context(), recordOf(n)); err != nil {
				t.Fatal(err)
			}
		}
		i := importer{decisions: &decisions{con: &console.Console{Stdout: &stdout}}, consent: consent{yes: true}, replace: true}
		in, err := i.open(t.Context(), linesOf(t, encoded(t, recordOf(9))))
		if err != nil {
			t.Fatal(err)
		}
		defer in.close()
		err = i.store(t.Context(), db, in)
		if n, counted := db.Count(t.Context(), decision.Filter{}); n != left || counted != nil || errors.Is(err, decision.ErrFull) != refuse {
			t.Errorf("refused %v: %d records, %v", refuse, n, err)
		}
	}
}

// refusing is a database that is full.
type refusing struct {
	decision.DB
	refuse bool
}

func (r *refusing) ReplaceAll(ctx context.Context, recs iter.Seq2[decision.Record, error]) (int, error) {
	if r.refuse {
		return 0, decision.ErrFull
	}
	return r.DB.ReplaceAll(ctx, recs)
}

func encoded(t *testing.T, rec decision.Record) string {
	t.Helper()
	line, err := decision.Encode(rec)
	if err != nil {
		t.Fatal(err)
	}
	return string(line)
}

// linesOf writes a file of lines.
func linesOf(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestInput reads lines that are wrong as a whole, from a file and from
// standard input.
func TestInput(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	good := encoded(t, recordOf(1))
	tests := []struct {
		name, input string
		records     int
		want        []string // beginnings of errors
	}{
		{"nothing", "", 0, nil},
		{"line ends", strings.ReplaceAll(good, "\n", "\r\n") + "\r\n \n" + strings.TrimSpace(good), 2, nil},
		{"not UTF-8", good + strings.Replace(good, `"description":"`, "\"description\":\"\xff", 1), 1, []string{":2: invalid record line: not UTF-8"}},
		{"endless", good + strings.Repeat("x", 1<<20), 1, []string{":2: invalid record line: longer than"}},
		{"two in one", strings.TrimSpace(good) + good, 0, []string{":1: invalid record line: more than one"}},
		{"ten are enough", strings.Repeat("x\n", 1000), 0, strings.Split(":1: :2: :3: :4: :5: :6: :7: :8: :9: :10:", " ")},
	}
	for _, tt := range tests {
		file := linesOf(t, tt.input)
		for name, shown := range map[string]string{file: file, console.Stdio: console.StdinName} {
			in, err := openInput(t, name, strings.NewReader(tt.input))
			if len(tt.want) == 0 {
				if err != nil || in.records != tt.records {
					t.Errorf("%s: %+v, %v", tt.name, in, err)
				}
				wantAgain(t, in, tt.records)
				continue
			}
			got := err.(interface{ Unwrap() []error }).Unwrap()
			if len(got) != len(tt.want) {
				t.Errorf("%s: %v", tt.name, err)
				continue
			}
			for i, e := range got {
				if !strings.HasPrefix(e.Error(), shown+tt.want[i]) || !errors.As(e, new(console.InputError)) {
					t.Errorf("%s: %v, want %s", tt.name, e, tt.want[i])
				}
			}
		}
	}
	failing := io.MultiReader(strings.NewReader(good), full{})
	if _, err := openInput(t, console.Stdio, failing); err == nil || errors.As(err, new(console.InputError)) || !strings.HasPrefix(err.Error(), console.StdinName+": ") {
		t.Errorf("%v", err)
	}
	if left, err := os.ReadDir(os.Getenv("TMPDIR")); err != nil || len(left) > 0 {
		t.Errorf("%v, %v: temporary files are left", left, err)
	}
}

func openInput(t *testing.T, name string, stdin io.Reader) (*input, error) {
	t.Helper()
	i := importer{decisions: &decisions{con: &console.Console{Stdin: stdin}}}
	return i.open(t.Context(), name)
}

// wantAgain reads the lines of an input a second time.
func wantAgain(t *testing.T, in *input, records int) {
	t.Helper()
	for _, err := range in.lines() {
		if err != nil {
			t.Error(err)
		}
	}
	if in.records != records {
		t.Errorf("%d records the second time, want %d", in.records, records)
	}
	in.close()
}

// full is a stream that fails.
type full struct{}

func (full) Read([]byte) (int, error)  { return 0, syscall.ENOSPC }
func (full) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// TestExportFails has an output that can't be written to its end: the
// old file stays.
func TestExportFails(t *testing.T) {
	dir := t.TempDir()
	path := databaseOf(t, dir, 300)
	out := filepath.Join(dir, "out")
	if err := os.WriteFile(out, []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	db, err := sqlite.View(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	e := exporter{decisions: &decisions{con: &console.Console{Stdout: full{}}}, output: out}
	if err := e.write(ctx, db, decision.Filter{}); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
	e.output = console.Stdio
	if err := e.write(t.Context(), db, decision.Filter{}); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("full: %v", err)
	}
	drafts, _ := filepath.Glob(filepath.Join(dir, ".ups-*"))
	if got, err := os.ReadFile(out); string(got) != "old" || err != nil || len(drafts) > 0 {
		t.Errorf("%q, %v, %v", got, err, drafts)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

// TestWideRows shows what happens when a later row is wider,
// and that descriptions are cut where a character ends.
func TestWideRows(t *testing.T) {
	var b strings.Builder
	table := newTable(&b, false, columns())
	for n := range tableRows + 1 {
		r := decision.Record{ID: uint64(n + 1), Description: "x"}
		if n == tableRows {
			r.Entity, r.Description = "日本日本日本", strings.Repeat("日", 40)
		}
		if err := table.add(&r); err != nil {
			t.Fatal(err)
		}
	}
	if err := table.flush(); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	first, last := lines[1], lines[len(lines)-1]
	if len(lines) != tableRows+2 || !strings.HasSuffix(first, "-            -       x") ||
		!strings.HasSuffix(last, `-            "日本日本日本"  `+strings.Repeat("日", 29)+"…") {
		t.Errorf("%d lines\n%s\n%s", len(lines), first, last)
	}
	if cells("e\u0301日") != 3 {
		t.Error("a combining mark takes no column, and an ideograph two columns")
	}
}
