package diag_test

import (
	"strings"
	"testing"

	"ups/diag"
)

func add(l *diag.List, n int, d diag.Diagnostic) {
	for range n {
		l.Add(d)
	}
}

var (
	warning = diag.Diagnostic{Code: "w", Severity: diag.Warning}
	failure = diag.Diagnostic{Code: "e", Severity: diag.Error}
)

func TestListCountsEachSeverityForItself(t *testing.T) {
	const most = diag.MaxDiagnostics
	var l diag.List
	add(&l, most+2, warning)
	add(&l, most, failure)
	all := l.All()
	if len(all) != 2*most || !l.Overflows(diag.Warning) || l.Overflows(diag.Error) || l.Overflows(diag.Info) {
		t.Fatalf("%d are kept; more warnings: %t, more errors: %t", len(all), l.Overflows(diag.Warning), l.Overflows(diag.Error))
	}
	for i, d := range all {
		want := "e"
		switch {
		case i < most-1:
			want = "w"
		case i == most-1:
			want = "too-many"
		}
		if d.Code != want {
			t.Errorf("%d is %s, want %s", i, d.Code, want)
		}
	}
	if d := all[most-1]; d.Severity != diag.Warning || d.Message != "3 more like this are not shown: warnings are shown up to 999" {
		t.Errorf("%+v", d)
	}
	l.Add(failure)
	if all := l.All(); all[2*most-1].Code != "too-many" || all[2*most-2].Code != "e" || all[2*most-1].Severity != diag.Error {
		t.Errorf("%+v", all)
	}
}

// What a list left out is still counted when the list is added to another.
func TestListsAdded(t *testing.T) {
	const most = diag.MaxDiagnostics
	var first, second, both diag.List
	add(&first, 2, warning)
	add(&second, most+5, warning)
	both.AddAll(&first)
	if both.Failed() || both.Overflows(diag.Warning) || len(both.All()) != 2 {
		t.Errorf("%+v", both.All())
	}
	both.AddAll(&second)
	both.Add(failure)
	all := both.All()
	if len(all) != most+1 || all[most-1].Message != "8 more like this are not shown: warnings are shown up to 999" || !both.Failed() {
		t.Errorf("%d, %+v", len(all), all[most-1])
	}
	if n := len(first.All()); n != 2 || first.Failed() {
		t.Errorf("a list that was added has %d", n)
	}
}

// A long message is cut in its middle, once, between characters.
func TestListCutsLongMessages(t *testing.T) {
	var l, outer diag.List
	l.Add(diag.Diagnostic{Message: strings.Repeat("a", 300), Hint: strings.Repeat("é", 200)})
	outer.AddAll(&l)
	d := outer.All()[0]
	if d.Message != strings.Repeat("a", 300) || d.Hint != strings.Repeat("é", 100)+"…"+strings.Repeat("é", 50) {
		t.Errorf("%q, %q", d.Message, d.Hint)
	}
}
