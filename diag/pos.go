// Package diag holds positions and spans in a source, and diagnostics of what is
// wrong there.
package diag

import "fmt"

// Pos is a place in a source file. The zero value means that no place is
// known, as for anything read from a compiled file.
//
// Its fields are those of participle's lexer.Position, so that a syntax tree
// can hold it directly.
type Pos struct {
	Filename string
	Offset   int // in bytes, from 0
	Line     int // from 1; 0 if unknown
	Column   int // in bytes, from 1
}

// IsValid reports whether the place is known.
func (p Pos) IsValid() bool { return p.Line > 0 }

// String returns "file:line:column", the form that editors can jump to.
func (p Pos) String() string {
	if !p.IsValid() {
		if p.Filename == "" {
			return "-"
		}
		return p.Filename
	}
	return fmt.Sprintf("%s:%d:%d", p.Filename, p.Line, p.Column)
}

// Span is a stretch of source, from Start up to but not including End. Both
// are in one file.
type Span struct {
	Start, End Pos
}

// IsValid reports whether the place is known.
func (s Span) IsValid() bool { return s.Start.IsValid() }

// Contains reports whether t is known to stand within s.
func (s Span) Contains(t Span) bool {
	return s.IsValid() && t.IsValid() && s.Start.Filename == t.Start.Filename &&
		s.Start.Offset <= t.Start.Offset && t.End.Offset <= s.End.Offset
}

// To returns the span from the start of s to the end of t. Where they are in
// different files, as with code that an include file begins, it is s.
func (s Span) To(t Span) Span {
	if !s.IsValid() {
		return t
	}
	if s.Start.Filename != t.Start.Filename || t.End.Offset < s.Start.Offset {
		return s
	}
	return Span{s.Start, t.End}
}
