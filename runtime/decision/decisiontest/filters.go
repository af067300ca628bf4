package decisiontest

import (
	"strings"
	"testing"

	"ups/runtime/decision"
)

// filterable is one of the eleven fields, as docs/decisions.md has it: how a filter
// sets it and how its comparisons come out, written without the package's own
// tables.
type filterable struct {
	name  string
	set   func(*decision.Filter, decision.Comparison, *decision.Record)
	order func(a, b *decision.Record) int
	text  bool
}

func num(name string, in func(*decision.Filter) *decision.Number, of func(*decision.Record) uint64) filterable {
	return filterable{
		name: name,
		set: func(f *decision.Filter, c decision.Comparison, r *decision.Record) {
			*in(f) = decision.Number{Comparison: c, Value: of(r)}
		},
		order: func(a, b *decision.Record) int { return int(int64(of(a)) - int64(of(b))) },
	}
}

func txt(name string, in func(*decision.Filter) *decision.Text, of func(*decision.Record) string) filterable {
	return filterable{
		name: name,
		set: func(f *decision.Filter, c decision.Comparison, r *decision.Record) {
			*in(f) = decision.Text{Comparison: c, Value: of(r)}
		},
		order: func(a, b *decision.Record) int { return strings.Compare(of(a), of(b)) },
		text:  true,
	}
}

func filterables() []filterable {
	type (
		f = *decision.Filter
		r = *decision.Record
		n = *decision.Number
		s = *decision.Text
	)
	return []filterable{
		num("client", func(f f) n { return &f.Client }, func(r r) uint64 { return uint64(r.Client) }),
		num("evaluator", func(f f) n { return &f.Evaluator }, func(r r) uint64 { return uint64(r.Evaluator) }),
		num("service", func(f f) n { return &f.Service }, func(r r) uint64 { return uint64(r.Service) }),
		num("server", func(f f) n { return &f.Server }, func(r r) uint64 { return uint64(r.Server) }),
		num("result", func(f f) n { return &f.Result }, func(r r) uint64 { return uint64(r.Result) }),
		num("major", func(f f) n { return &f.Major }, func(r r) uint64 { return uint64(r.Major) }),
		num("id", func(f f) n { return &f.ID }, func(r r) uint64 { return r.ID }),
		num("info", func(f f) n { return &f.Info }, func(r r) uint64 { return uint64(r.Info) }),
		txt("fingerprint", func(f f) s { return &f.Fingerprint }, func(r r) string { return r.Fingerprint }),
		txt("entity", func(f f) s { return &f.Entity }, func(r r) string { return r.Entity }),
		txt("description", func(f f) s { return &f.Description }, func(r r) string { return r.Description }),
	}
}

// holds are the six comparisons, of the order of two values.
var holds = []struct {
	decision.Comparison
	holds func(order int) bool
}{
	{decision.Equal, func(o int) bool { return o == 0 }},
	{decision.NotEqual, func(o int) bool { return o != 0 }},
	{decision.Less, func(o int) bool { return o < 0 }},
	{decision.Greater, func(o int) bool { return o > 0 }},
	{decision.LessOrEqual, func(o int) bool { return o <= 0 }},
	{decision.GreaterOrEqual, func(o int) bool { return o >= 0 }},
}

func filters(t *testing.T, db decision.DB) {
	recs := fill(t, db, 24)
	pivot := &recs[11]
	cases := 0
	for _, field := range filterables() {
		for _, c := range holds {
			if field.text && c.Comparison > decision.NotEqual {
				continue
			}
			cases++
			t.Run(field.name+c.String(), func(t *testing.T) {
				var f decision.Filter
				field.set(&f, c.Comparison, pivot)
				checkFilter(t, db, f, recs, func(r *decision.Record) bool { return c.holds(field.order(r, pivot)) })
			})
		}
	}
	if cases != 8*6+3*2 {
		t.Errorf("%d cases, want 54", cases)
	}
	both := decision.Filter{Client: decision.Number{Comparison: decision.NotEqual, Value: uint64(pivot.Client)}, Entity: decision.Text{Comparison: decision.Equal}}
	checkFilter(t, db, both, recs, func(r *decision.Record) bool { return r.Client != pivot.Client && r.Entity == "" })
}

func checkFilter(t *testing.T, db decision.DB, f decision.Filter, recs []decision.Record, selected func(*decision.Record) bool) {
	t.Helper()
	want := []decision.Record{}
	for _, r := range recs {
		if f.Match(&r) != selected(&r) {
			t.Errorf("Match(%v) = %v", r, f.Match(&r))
		}
		if selected(&r) {
			want = append(want, r)
		}
	}
	wantRecs(t, All(t, db, f), want)
	if n := must[int](t)(db.Count(t.Context(), f)); n != len(want) {
		t.Errorf("Count = %d, want %d", n, len(want))
	}
}

func badFilters(t *testing.T, db decision.DB) {
	recs := fill(t, db, 2)
	long := decision.Text{Comparison: decision.NotEqual, Value: strings.Repeat("x", 33)}
	refused(t, db, decision.Filter{Fingerprint: long}, decision.ErrInvalidFilter, decision.ErrFingerprintLength)
	refused(t, db, decision.Filter{Entity: long}, decision.ErrInvalidFilter, decision.ErrEntityLength)
	for _, f := range []decision.Filter{
		{Fingerprint: decision.Text{Comparison: decision.Less, Value: "a"}},
		{Entity: decision.Text{Comparison: decision.GreaterOrEqual, Value: "a"}},
		{Description: decision.Text{Comparison: decision.Greater}},
		{Description: decision.Text{Comparison: decision.Equal, Value: strings.Repeat("d", 4097)}},
		{Client: decision.Number{Comparison: decision.Equal, Value: 1 << 32}},
		{Major: decision.Number{Comparison: decision.Less, Value: 1 << 16}},
		{Result: decision.Number{Comparison: decision.NotEqual, Value: 2}},
		{ID: decision.Number{Comparison: decision.Less, Value: 1 << 63}},
		{Info: decision.Number{Comparison: decision.GreaterOrEqual + 1}},
	} {
		refused(t, db, f, decision.ErrInvalidFilter)
	}
	wantRecs(t, All(t, db, decision.Filter{}), recs)
}

// refused checks that all that take a filter fail with each of the errors.
func refused(t *testing.T, db decision.DB, f decision.Filter, want ...error) {
	t.Helper()
	_, deleting := db.Delete(t.Context(), f)
	_, counting := db.Count(t.Context(), f)
	listed := 0
	for _, w := range want {
		wantErr(t, deleting, w)
		wantErr(t, counting, w)
		for _, err := range db.List(t.Context(), f) {
			wantErr(t, err, w)
			listed++
		}
	}
	if listed != len(want) {
		t.Errorf("%v: listed %d errors, want %d", f.Terms(), listed, len(want))
	}
}
