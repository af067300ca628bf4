package diag_test

import (
	"testing"

	"ups/diag"
)

func TestLimitCountsEachSeverityForItself(t *testing.T) {
	l := diag.Limit{Max: 3}
	var list []diag.Diagnostic
	for range 5 {
		list = l.Append(list, diag.Diagnostic{Code: "w", Severity: diag.Warning})
	}
	for range 3 {
		list = l.Append(list, diag.Diagnostic{Code: "e", Severity: diag.Error})
	}
	if len(list) != 6 || l.Over(diag.Warning) != 2 || l.Over(diag.Error) != 0 {
		t.Fatalf("%d are kept, %d and %d are over", len(list), l.Over(diag.Warning), l.Over(diag.Error))
	}
	want := []string{"w", "w", "too-many", "e", "e", "e"}
	for i, d := range list {
		if d.Code != want[i] {
			t.Errorf("%d is %s, want %s", i, d.Code, want[i])
		}
	}
	if d := list[2]; d.Severity != diag.Warning || d.Message != "3 more like this are not shown: warnings are shown up to 2" {
		t.Errorf("%+v", d)
	}
	list = l.Append(list, diag.Diagnostic{Code: "e", Severity: diag.Error})
	if list[5].Code != "too-many" || list[4].Code != "e" || list[5].Severity != diag.Error {
		t.Errorf("%+v", list)
	}
}
