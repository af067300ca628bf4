package decisions

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"ups/cmd/ups/internal/console"
	"ups/runtime/decision"
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
	if err := errors.Join(db.StoreAll(t.Context(), recs), db.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestReplaceFails has a database that refuses the new records: those
// that were there are put back.
func TestReplaceFails(t *testing.T) {
	var stdout strings.Builder
	for refuse, left := range map[int]int{0: 1, 1: 3, 2: 0} {
		db := &refusing{DB: decision.NewMemory()}
		for n := range 3 {
			if _, err := db.Store(t.Context(), recordOf(n)); err != nil {
				t.Fatal(err)
			}
		}
		db.refuse = refuse
		i := importer{decisions: &decisions{con: &console.Console{Stdout: &stdout}}, consent: consent{yes: true}, replace: true}
		err := i.store(t.Context(), db, []decision.Record{recordOf(9)})
		if n, counted := db.Count(t.Context(), decision.Filter{}); n != left || counted != nil || errors.Is(err, decision.ErrFull) != (refuse > 0) {
			t.Errorf("%d times refused: %d records, %v", refuse, n, err)
		}
		if lost := refuse == 2; err != nil && strings.Contains(err.Error(), "are lost") != lost {
			t.Errorf("%d times refused: %v", refuse, err)
		}
	}
}

// refusing is a database that is full for a while.
type refusing struct {
	decision.DB
	refuse int // so many times
}

func (r *refusing) StoreAll(ctx context.Context, recs []decision.Record) error {
	if r.refuse > 0 {
		r.refuse--
		return decision.ErrFull
	}
	return r.DB.StoreAll(ctx, recs)
}

// TestLines reads lines that are wrong as a whole.
func TestLines(t *testing.T) {
	good, err := decision.Encode(recordOf(1))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, input string
		records     int
		want        []string // beginnings of errors
	}{
		{"nothing", "", 0, nil},
		{"line ends", strings.ReplaceAll(string(good), "\n", "\r\n") + "\r\n \n" + strings.TrimSpace(string(good)), 2, nil},
		{"not UTF-8", string(good) + strings.Replace(string(good), `"description":"`, "\"description\":\"\xff", 1), 1, []string{"x:2: invalid record line: not UTF-8"}},
		{"endless", string(good) + strings.Repeat("x", maxRecordLine+1), 1, []string{"x:2: invalid record line: longer than"}},
		{"two in one", strings.TrimSpace(string(good)) + string(good), 0, []string{"x:1: invalid record line: more than one"}},
		{"ten are enough", strings.Repeat("x\n", 1000), 0, strings.Split("x:1: x:2: x:3: x:4: x:5: x:6: x:7: x:8: x:9: x:10:", " ")},
	}
	for _, tt := range tests {
		recs, err := readRecords("x", strings.NewReader(tt.input))
		var got []error
		if err != nil {
			got = err.(interface{ Unwrap() []error }).Unwrap()
		}
		if len(recs) != tt.records || len(got) != len(tt.want) {
			t.Errorf("%s: %d records, %v", tt.name, len(recs), err)
			continue
		}
		for i, e := range got {
			if !strings.HasPrefix(e.Error(), tt.want[i]) || !errors.As(e, new(console.InputError)) {
				t.Errorf("%s: %v, want %s", tt.name, e, tt.want[i])
			}
		}
	}
	failing := io.MultiReader(bytes.NewReader(good), full{})
	if _, err := readRecords("x", failing); err == nil || errors.As(err, new(console.InputError)) || !strings.HasPrefix(err.Error(), "x: ") {
		t.Errorf("%v", err)
	}
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
	table := newTable(&b, false)
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
