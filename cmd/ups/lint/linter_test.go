package lint

import (
	"strings"
	"testing"

	"ups/diag"
	"ups/lint"
)

// TestOnce drops what is found again in a header, and nothing else: a second
// finding in a source itself, or another in the header, stays.
func TestOnce(t *testing.T) {
	found := func(path, in, message string) lint.Finding {
		d := diag.Diagnostic{Code: "c", Message: message, Span: diag.Span{Start: diag.Pos{Filename: in, Line: 1}}}
		return lint.Finding{Diagnostic: d, Path: path}
	}
	fs := []lint.Finding{
		found("a", "header", "1"), found("a", "header", "2"), found("a", "a", "1"), found("a", "a", "1"),
		found("b", "header", "1"), found("b", "b", "1"), found("b", "header", "2"), found("c", "header", "1"),
	}
	var got []string
	for _, f := range once(fs) {
		got = append(got, f.Path+f.Message+f.Span.Start.Filename)
	}
	if s := strings.Join(got, " "); s != "a1header a2header a1a a1a b1b" {
		t.Errorf("got %s", s)
	}
}
