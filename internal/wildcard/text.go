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

// CompileString is Compile for a pattern in UTF-8.
func CompileString(pattern string) (*Pattern, error) {
	units, err := AppendUTF16(nil, pattern)
	if err != nil {
		return nil, fmt.Errorf("pattern: %w", err)
	}
	return Compile(units), nil
}

// MatchString is Match for a pattern and a text in UTF-8.
func MatchString(pattern, text string) (bool, error) {
	p, err := CompileString(pattern)
	if err != nil {
		return false, err
	}
	return p.MatchString(text)
}

// onStack is how many units of a text are converted without allocation. A
// destination is seldom longer than a pattern can be (255 units).
const onStack = 256

// MatchString is Match for a text in UTF-8.
func (p *Pattern) MatchString(text string) (bool, error) {
	var buffer [onStack]uint16
	units, err := AppendUTF16(buffer[:0], text)
	if err != nil {
		return false, fmt.Errorf("text: %w", err)
	}
	return p.Match(units), nil
}
