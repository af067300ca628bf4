package rsc

import (
	"errors"
	"fmt"
)

// Why a file can't be read. They come wrapped in an Error.
var (
	// ErrTruncated: the bytes end before the field does.
	ErrTruncated = errors.New("ends too early")
	// ErrFormat: the bytes aren't a compiled policy file of one resource, or
	// hold what a File can't represent.
	ErrFormat = errors.New("not a valid compiled policy file")
)

// Why a File can't be written.
var (
	// ErrLimit: a list or string is longer than its length field can say.
	// It comes wrapped in a LimitError.
	ErrLimit = errors.New("too long")
	// ErrTooBig: the compiled file is larger than its 16-bit offsets can
	// say. It comes wrapped in a TooBigError.
	ErrTooBig = errors.New("compiled policy file too big")
)

// Error says where a compiled file is wrong.
type Error struct {
	// Offset is in bytes: from the start of the file, or, if Expanded is
	// set, from the start of the uncompressed resource.
	Offset   int
	Expanded bool
	Policy   int    // number of the policy, from 1; 0 outside of the policies
	Field    string // as docs/compiled-format.md names it
	Err      error  // wraps ErrTruncated or ErrFormat
}

// Error returns the place, the field and the cause.
func (e *Error) Error() string {
	where := "file"
	if e.Expanded {
		where = "uncompressed resource"
	}
	field := e.Field
	if e.Policy > 0 {
		field = fmt.Sprintf("policy %d: %s", e.Policy, e.Field)
	}
	return fmt.Sprintf("offset %d of the %s: %s: %v", e.Offset, where, field, e.Err)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// formatError is an Error for a field that is there and wrong.
func formatError(offset int, field, format string, args ...any) *Error {
	cause := fmt.Errorf("%w: %s", ErrFormat, fmt.Sprintf(format, args...))
	return &Error{Offset: offset, Field: field, Err: cause}
}

// truncated is an Error for a field that the bytes end in.
func truncated(offset int, field string) *Error {
	return &Error{Offset: offset, Field: field, Err: ErrTruncated}
}

// LimitError says what of a File is too long to be written.
type LimitError struct {
	Policy   int    // number of the policy, from 1; 0 for the file
	Field    string // "policies", "sid_list" or "destination"
	Got, Max int    // policies, SIDs or UTF-16 units
}

// Error returns the field, its length and the longest that can be written.
func (e *LimitError) Error() string {
	field := e.Field
	if e.Policy > 0 {
		field = fmt.Sprintf("policy %d: %s", e.Policy, e.Field)
	}
	return fmt.Sprintf("%s: %v: %d, and %d at most", field, ErrLimit, e.Got, e.Max)
}

// Unwrap returns ErrLimit.
func (e *LimitError) Unwrap() error { return ErrLimit }

// TooBigError says by how much a compiled file is too big.
type TooBigError struct {
	// Over is how many bytes the index would start past 0xFFFF or, if
	// Expanded is set, how many bytes the uncompressed resource has over
	// 0xFFFF.
	Over     int
	Expanded bool
}

// Error returns the bytes that are over, and of what.
func (e *TooBigError) Error() string {
	if e.Expanded {
		return fmt.Sprintf("%v: its resource is %d bytes over the limit when uncompressed", ErrTooBig, e.Over)
	}
	return fmt.Sprintf("%v: %d bytes over the limit", ErrTooBig, e.Over)
}

// Unwrap returns ErrTooBig.
func (e *TooBigError) Unwrap() error { return ErrTooBig }
