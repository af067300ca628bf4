package diag

import (
	"cmp"
	"slices"
)

// Severity is how serious a diagnostic is. The zero value is Info.
type Severity uint8

// The severities, least serious first.
const (
	Info    Severity = iota // worth knowing
	Warning                 // valid, but probably not what was meant
	Error                   // refused
)

// String returns the severity's name in lower case.
func (s Severity) String() string {
	switch s {
	case Info:
		return "info"
	case Warning:
		return "warning"
	}
	return "error"
}

// Diagnostic is one thing that is wrong, or worth knowing, in a source.
type Diagnostic struct {
	Code     string // stable name of the kind, such as "field-unknown"
	Severity Severity
	Span     Span   // the smallest that shows it
	Message  string // what is wrong and what is required; lower case, no final dot
	Hint     string // what to write instead; may be empty

	// Chain says how the place was reached, innermost first: the macros that
	// it came out of, then the includes. Empty for plain code.
	Chain []Frame
	// Related are other places that take part, each with its role.
	Related []Related
	// Fixes are edits that would correct it, best first.
	Fixes []Fix
}

// Place is a span, and how it came to be there.
type Place struct {
	Span  Span
	Chain []Frame // as in Diagnostic
}

// At returns the diagnostic, moved to a place.
func (d Diagnostic) At(p Place) Diagnostic {
	d.Span, d.Chain = p.Span, p.Chain
	return d
}

// Frame is one step on the way from the source to a place that isn't written
// in it directly.
type Frame struct {
	Span Span
	Kind FrameKind
	Name string // of the macro or the included file
}

// FrameKind says what a Frame is.
type FrameKind uint8

// The kinds of frame.
const (
	Expanded FrameKind = iota // Span is where the macro Name was used
	Defined                   // Span is where the text stands in the definition of Name
	Included                  // Span is the #include that named the file
)

// Related is another place that takes part in a diagnostic.
type Related struct {
	Span    Span
	Message string
}

// Fix is a way to correct what a diagnostic is about: all of its edits together.
type Fix struct {
	Message string
	Edits   []Edit
}

// Edit replaces the text of a span.
type Edit struct {
	Span Span
	New  string
}

// Sort puts diagnostics in the order in which a person reads them: by file,
// place, then severity, errors first. Equal ones keep their order.
func Sort(ds []Diagnostic) {
	slices.SortStableFunc(ds, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.Span.Start.Filename, b.Span.Start.Filename),
			cmp.Compare(a.Span.Start.Offset, b.Span.Start.Offset),
			cmp.Compare(b.Severity, a.Severity),
			cmp.Compare(a.Code, b.Code),
		)
	})
}

// Worst returns the most serious severity in ds, and false if there is none.
func Worst(ds []Diagnostic) (Severity, bool) {
	worst := Info
	for _, d := range ds {
		worst = max(worst, d.Severity)
	}
	return worst, len(ds) > 0
}
