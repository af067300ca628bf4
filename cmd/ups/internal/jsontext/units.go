// Package jsontext writes text of any UTF-16 units as JSON.
package jsontext

import (
	"fmt"
	"unicode"
	"unicode/utf16"

	"ups/policy"
)

// Units is text as UTF-16 units, which a JSON string can hold whatever they
// are: an unpaired surrogate is written as its \u escape, as is what doesn't
// print.
type Units policy.Text

// MarshalJSON writes a JSON string that reads back as the same units.
func (u Units) MarshalJSON() ([]byte, error) {
	return append(u.AppendTo([]byte{'"'}), '"'), nil
}

// AppendTo writes what stands between the quotes.
func (u Units) AppendTo(b []byte) []byte {
	for i := 0; i < len(u); i++ {
		r := rune(u[i])
		if utf16.IsSurrogate(r) && i+1 < len(u) {
			if pair := utf16.DecodeRune(r, rune(u[i+1])); pair != unicode.ReplacementChar {
				r = pair
				i++
			}
		}
		b = appendChar(b, r)
	}
	return b
}

// appendChar writes one character, or an unpaired surrogate.
func appendChar(b []byte, r rune) []byte {
	switch {
	case r == '"' || r == '\\':
		return append(b, '\\', byte(r))
	case unicode.IsPrint(r):
		return append(b, string(r)...)
	case r < 0x10000:
		return fmt.Appendf(b, `\u%04x`, r)
	}
	r1, r2 := utf16.EncodeRune(r)
	return fmt.Appendf(b, `\u%04x\u%04x`, r1, r2)
}
