package diff

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"strings"
	"testing"

	"ups/cmd/ups/internal/changes"
	"ups/cmd/ups/internal/console"
	"ups/lint/analysis"
	"ups/policy"
	"ups/runtime/decision"

	"github.com/google/go-cmp/cmp"
)

func TestGates(t *testing.T) {
	for s, want := range map[string]string{
		"new-silent-yes":            "new-silent-yes",
		"evaluator, stored-deleted": "evaluator,stored-deleted",
		"":                          "error",
		"new-silent-yse":            "error",
		"options,,flags":            "error",
	} {
		var g gates
		got := "error"
		if err := g.Set(s); err == nil {
			got = g.String()
		}
		if got != want {
			t.Errorf("%q: %s, want %s", s, got, want)
		}
	}
	gone := &file{pair: pair{old: &version{file: &policy.File{}}}, Difference: &analysis.Difference{}}
	silent := &file{Difference: &analysis.Difference{Changes: []analysis.Change{{Effect: analysis.Effect{After: analysis.Allows}}}}}
	unknown := &file{Difference: &analysis.Difference{Exhausted: true}}
	for _, c := range []struct {
		gates string
		file  *file
		fails bool
	}{
		{"stored-deleted", gone, true}, {"new-silent-yes", gone, false}, {"new-silent-yes", silent, true},
		{"flags,new-silent-yes", silent, true}, {"new-silent-no", silent, false}, {"stored-deleted", silent, false}, {"flags", unknown, true},
	} {
		var g gates
		if err := g.Set(c.gates); err != nil {
			t.Fatal(err)
		}
		if err := g.check(&result{files: []*file{c.file}}); errors.Is(err, console.ErrFound) != c.fails {
			t.Errorf("%s: %v, want failure %v", c.gates, err, c.fails)
		}
	}
}

// TestCounts counts answers that stay, that are deleted, and that no policy has
// the evaluator of any more.
func TestCounts(t *testing.T) {
	ctx := context.Background()
	db := decision.NewMemory()
	for _, k := range []decision.Key{
		{Client: 1, Server: 7, Service: 8, Major: 1}, {Client: 2, Server: 7, Service: 8, Major: 1, Evaluator: 5},
		{Client: 2, Server: 7, Service: 8, Major: 1, Evaluator: 6}, {Client: 3, Server: 7, Service: 8, Major: 1, Evaluator: 9},
		{Client: 4, Server: 7, Service: 8}, {Client: 4, Server: 7, Service: 9, Major: 1}, {Client: 4, Server: 1, Service: 8, Major: 1},
	} {
		if _, err := db.Store(ctx, decision.Record{Key: k}); err != nil {
			t.Fatal(err)
		}
	}
	// Evaluator 6 is that of a policy without a prompt; 0 that of the header.
	list := &policy.File{Header: &policy.Header{MajorVersion: 1}, Policies: []policy.Policy{
		{Options: policy.Yes | policy.No, PolicyEvaluator: 5}, {Options: policy.Yes, PolicyEvaluator: 6},
	}}
	f := &file{pair: pair{service: policy.Service{Server: 7, Service: 8}, old: &version{file: list}, new: &version{file: list}}}
	if err := f.count(ctx, db); err != nil {
		t.Fatal(err)
	}
	want := &counts{Total: 5, Deleted: 1, Unmatched: 2, Clients: []ofAClient{{"0x00000002", 1}, {"0x00000003", 1}, {"0x00000004", 1}}}
	if d := cmp.Diff(want, f.counts); d != "" {
		t.Error(d)
	}
	if got, want := f.counts.text(), "5 stored answers: 1 deleted, 2 not matched any more, 2 kept; lost are those of 0x00000002 (1), 0x00000003 (1), 0x00000004 (1)"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	f.new = nil
	if err := f.count(ctx, db); err != nil || f.counts.Deleted != 5 || f.counts.Clients[0] != (ofAClient{"0x00000002", 2}) {
		t.Errorf("without a file: %+v, %v", f.counts, err)
	}
	broken := errors.New("broken")
	if err := f.count(ctx, failing{db, broken}); !errors.Is(err, broken) {
		t.Errorf("a database that fails: %v", err)
	}
}

// failing is a database that can't be listed.
type failing struct {
	decision.DB
	err error
}

func (f failing) List(context.Context, decision.Filter) iter.Seq2[decision.Record, error] {
	return func(yield func(decision.Record, error) bool) { yield(decision.Record{}, f.err) }
}

// TestLongLists has more than a line or a report names.
func TestLongLists(t *testing.T) {
	var policies, changed strings.Builder
	for i := range 9 {
		fmt.Fprintf(&policies, "\t\tPOLICY { sid_list = {0x2001000%d}; destination = \"+44%d*\"; options = KYes|KNo; },\n", i, i)
		fmt.Fprintf(&changed, "\t\tPOLICY { sid_list = {0x2001000%d}; destination = \"+44%d*\"; options = KYes; },\n", i, i)
	}
	const first = `		POLICY { destination = "112"`
	t.Chdir(t.TempDir())
	write(t, "old", []string{first, policies.String() + first})
	write(t, "new", []string{first, changed.String() + first})
	got, err := run(t, "old", "new")
	if !errors.Is(err, console.ErrFound) {
		t.Fatal(err)
	}
	if n := strings.Count(got, "who "); n != changes.MaxListed || !strings.Contains(got, "and 4 more groups of clients and destinations") ||
		!strings.Contains(got, "policies 1, 2, 3, 4, 5, 4 more") {
		t.Errorf("%d groups are shown:\n%s", n, got)
	}
}

// TestDefines holds that macros of the command line count, for both versions.
func TestDefines(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "old", []string{`"+4490*"; options = KYes|KNo`, `"+4490*"; options = EXTRA`})
	write(t, "new", nil)
	if got, err := run(t, "-D", "EXTRA=KYes|KNo", "old", "new"); err != nil {
		t.Errorf("%v: %s", err, got)
	}
	if _, err := run(t, "old", "new"); err == nil || errors.Is(err, console.ErrFound) || !strings.Contains(err.Error(), "EXTRA is not defined") {
		t.Errorf("an error in the older version: %v", err)
	}
}

// TestFolders pairs files by service, in any case of letters, and passes over
// what is compiled beside its source.
func TestFolders(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "old", nil)
	write(t, "new/below", nil)
	rename(t, "new/below/"+source, "new/below/UPS_20020001_20020011.RSS")
	if got, err := run(t, "old", "new"); err != nil {
		t.Errorf("%v: %s", err, got)
	}
	write(t, "new/again", nil)
	if _, err := run(t, "old", "new"); err == nil || !strings.Contains(err.Error(), "are for one service") {
		t.Errorf("two files for one service: %v", err)
	}
	if _, err := run(t, "--db", "nowhere.db", "old", "old"); err == nil || !strings.Contains(err.Error(), "--db: ") {
		t.Errorf("no database: %v", err)
	}
}

func rename(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}
