package report

import (
	"encoding/base64"
	"io"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"ups/diag"
)

// SchemaVersion is the version of what JSON writes. It rises when a reader of
// the version before would misunderstand; members may be added without that.
const SchemaVersion = 1

// JSON writes diagnostics for programs, in the order given, as one object
// (docs/diagnostics-json.md). All lists are there, even if empty. The error
// is the writer's.
func JSON(w io.Writer, ds []diag.Diagnostic) error {
	return writeJSON(w, document{Version: SchemaVersion, Summary: Count(ds), Diagnostics: each(ds, newDiagnostic)})
}

type document struct {
	Version     int          `json:"version"`
	Summary     Counts       `json:"summary"`
	Diagnostics []diagnostic `json:"diagnostics"`
}

type diagnostic struct {
	Code     string    `json:"code"`
	Severity string    `json:"severity"`
	Message  string    `json:"message"`
	Hint     string    `json:"hint"`
	Span     span      `json:"span"`
	Chain    []frame   `json:"chain"`
	Related  []related `json:"related"`
	Fixes    []fix     `json:"fixes"`
}

type span struct {
	File  string    `json:"file"`
	Start *position `json:"start"`
	End   *position `json:"end"`
}

type position struct {
	Line   int `json:"line"`
	Column int `json:"column"`
	Offset int `json:"offset"`
}

type frame struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
	Span span   `json:"span"`
}

type related struct {
	Message string `json:"message"`
	Span    span   `json:"span"`
}

type fix struct {
	Message string `json:"message"`
	Edits   []edit `json:"edits"`
}

type edit struct {
	Span span   `json:"span"`
	New  string `json:"new"`
	// NewBytes is there only if New can't be a JSON string as it is, because
	// the source it goes into isn't UTF-8.
	NewBytes string `json:"newBytes,omitempty"`
}

func newDiagnostic(d diag.Diagnostic) diagnostic {
	return diagnostic{
		d.Code, d.Severity.String(), d.Message, d.Hint, newSpan(d.Span),
		each(d.Chain, newFrame), each(d.Related, newRelated), each(d.Fixes, newFix),
	}
}

func newSpan(s diag.Span) span {
	return span{s.Start.Filename, newPosition(s.Start), newPosition(s.End)}
}

func newPosition(p diag.Pos) *position {
	if !p.IsValid() {
		return nil
	}
	return &position{p.Line, p.Column, p.Offset}
}

func newFrame(f diag.Frame) frame {
	kind := "included"
	switch f.Kind {
	case diag.Expanded:
		kind = "expanded"
	case diag.Defined:
		kind = "defined"
	}
	return frame{kind, f.Name, newSpan(f.Span)}
}

func newRelated(r diag.Related) related { return related{r.Message, newSpan(r.Span)} }

func newFix(f diag.Fix) fix { return fix{f.Message, each(f.Edits, newEdit)} }

func newEdit(e diag.Edit) edit {
	out := edit{Span: newSpan(e.Span), New: e.New}
	if !utf8.ValidString(e.New) {
		out.NewBytes = base64.StdEncoding.EncodeToString([]byte(e.New))
	}
	return out
}

// each maps a list; never to nil, which JSON would write as null.
func each[A, B any](as []A, f func(A) B) []B {
	bs := make([]B, len(as))
	for i, a := range as {
		bs[i] = f(a)
	}
	return bs
}

// EscapeJSON returns the same JSON with everything that a terminal would obey,
// or not show, as \u escapes. encoding/json leaves DEL, the C1 control
// characters and format characters as they are.
func EscapeJSON(doc []byte) []byte {
	out := make([]byte, 0, len(doc))
	for len(doc) > 0 {
		r, size := utf8.DecodeRune(doc)
		if r == '\n' || unicode.IsPrint(r) {
			out = append(out, doc[:size]...)
		} else {
			out = appendEscape(out, r)
		}
		doc = doc[size:]
	}
	return out
}

func appendEscape(b []byte, r rune) []byte {
	if r1, r2 := utf16.EncodeRune(r); r1 != unicode.ReplacementChar {
		return appendUnit(appendUnit(b, r1), r2)
	}
	return appendUnit(b, r)
}

func appendUnit(b []byte, r rune) []byte {
	const digits = "0123456789abcdef"
	return append(b, '\\', 'u', digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15])
}
