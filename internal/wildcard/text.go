package wildcard

import (
	"errors"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// ErrInvalidUTF8 is wrapped by the errors of what takes strings.
var ErrInvalidUTF8 = errors.New("invalid UTF-8")

// AppendUTF16 appends the UTF-16 units of s to dst. It refuses a string that
// isn't valid UTF-8, with an error that wraps ErrInvalidUTF8: what a
// replacement character would match is not what was asked about.
func AppendUTF16(dst []uint16, s string) ([]uint16, error) {
	for i := 0; i < len(s); {
		if s[i] < utf8.RuneSelf {
			dst = append(dst, uint16(s[i]))
			i++
			continue
		}
		c, width := utf8.DecodeRuneInString(s[i:])
		if c == utf8.RuneError && width == 1 {
			return dst, fmt.Errorf("%w at byte %d", ErrInvalidUTF8, i)
		}
		dst = utf16.AppendRune(dst, c)
		i += width
	}
	return dst, nil
}
