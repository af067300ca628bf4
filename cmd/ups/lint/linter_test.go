package lint

import (
	"strings"
	"testing"

	"ups/diag"
	"ups/lint"
	"ups/policy"
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

// Policies that a device refuses are bounded in a compiled file as in a source.
func TestViolationsAreBounded(t *testing.T) {
	f := &policy.File{UID2: policy.ResourceFileUID, Version: policy.FormatVersion, Header: &policy.Header{DialogCreator: 1}}
	f.Policies = make([]policy.Policy, diag.MaxDiagnostics+7)
	for i := range f.Policies {
		f.Policies[i].Options = 0x40
	}
	ds := violations(f)
	if last := ds[len(ds)-1]; len(ds) != diag.MaxDiagnostics || !strings.HasPrefix(last.Message, "8 more like this are not shown") {
		t.Errorf("%d, the last %q", len(ds), last.Message)
	}
}
