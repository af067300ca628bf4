package compiler

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"ups/diag"
	"ups/grammar"
	"ups/policy"
)

// charset is how the bytes of strings are read.
type charset uint8

const (
	cp1252 charset = iota // without CHARACTER_SET
	latin1
	ascii
	utf8Set
	declared1252
)

// charsets are the names that CHARACTER_SET takes.
var charsets = map[string]charset{
	"CP1252": declared1252, "ISOLATIN1": latin1, "ASCII": ascii, "UTF8": utf8Set,
}

func (b *builder) characterSet(s *grammar.CharacterSet) {
	c, ok := charsets[s.Name.Text]
	if !ok {
		near := diag.DidYouMean(s.Name.Text, []string{"UTF8", "CP1252", "ISOLATIN1", "ASCII"})
		b.fail(s.Name.Node, "charset-unknown", cmp.Or(near, "save the source as UTF-8 and write CHARACTER_SET UTF8"),
			"the character set %s is not supported: UTF8, CP1252, ISOLATIN1 and ASCII are", s.Name.Text)
		return
	}
	b.charset = c
}

// literal returns the value of a number or character.
func (b *builder) literal(x *grammar.Literal) (int64, bool) {
	if x.Kind == grammar.Char {
		return b.character(x)
	}
	text, base := x.Text, 10
	if strings.HasPrefix(text, "0x") {
		text, base = text[2:], 16
	} else if len(text) > 1 && text[0] == '0' && isDecimal(text) {
		b.warn(x.Node, "leading-zero", "write "+trimZeros(text), "%s is the decimal number %s: a leading 0 does not mean octal", text, trimZeros(text))
	}
	v, err := strconv.ParseUint(text, base, 32)
	switch {
	case err == nil && !strings.Contains(text, "_"):
		return int64(v), true
	case strings.HasPrefix(text, "0X"):
		b.fail(x.Node, "hex-upper-x", "write 0x"+text[2:], "a hexadecimal number begins with 0x in lower case")
	case strings.Contains(text, "."):
		b.fail(x.Node, "whole-number", "", "%s is not a whole number", x.Text)
	case isNumber(text, base):
		b.fail(x.Node, "out-of-range", "", "%s does not fit in 32 bits", x.Text)
	default:
		b.fail(x.Node, "number", asNumber(text), "%s is not a number", x.Text)
	}
	return 0, false
}

func isDecimal(s string) bool { return isNumber(s, 10) }

// isNumber reports whether s is all digits of a base.
func isNumber(s string, base int) bool {
	digits := "0123456789abcdefABCDEF"
	if base == 10 {
		digits = digits[:10]
	}
	return s != "" && strings.Trim(s, digits) == ""
}

func (b *builder) character(x *grammar.Literal) (int64, bool) {
	if len(x.Text) < 2 {
		return 0, false
	}
	units, ok := b.decode(x.Node, x.Text[1:len(x.Text)-1])
	if ok && len(units) != 1 {
		b.fail(x.Node, "character", "", "%s is not one character", x.Text)
		return 0, false
	}
	if !ok {
		return 0, false
	}
	return int64(units[0]), true
}

// text returns the value of a field that holds a string.
func (b *builder) text(name string, v grammar.Value) (policy.Text, bool) {
	t, ok := v.(*grammar.TextValue)
	if !ok {
		b.wrongKind(v, name, "a string", b.asText(v))
		return nil, false
	}
	var units policy.Text
	for _, part := range t.Parts {
		more, good := b.part(part)
		units = append(units, more...)
		ok = ok && good
	}
	const most = 255
	if ok && len(units) > most {
		b.fail(t.Range(), "string-too-long", "", "%s is at most %d UTF-16 units, and this is %d", name, most, len(units))
		return nil, false
	}
	if ok && hasUnpaired(units) {
		b.warn(t.Range(), "surrogate-half", "write the whole character, such as <0x1F600>", "%s has half a surrogate pair: it stands for no character", name)
	}
	return units, ok
}

func (b *builder) part(part grammar.TextPart) ([]uint16, bool) {
	if part.Code == nil {
		text := part.Literal
		if len(text) < 2 {
			return nil, false
		}
		return b.decode(part.Range(), text[1:len(text)-1])
	}
	code, ok := b.eval(part.Code)
	if ok && (code < 0 || code > utf8.MaxRune) {
		b.fail(part.Code.Range(), "code-point", "", "there is no code point %#x: the last is 0x10ffff", code)
		return nil, false
	}
	if code > 0xFFFF {
		high, low := utf16.EncodeRune(rune(code))
		return []uint16{uint16(high), uint16(low)}, ok
	}
	return []uint16{uint16(code)}, ok
}

func hasUnpaired(units []uint16) bool {
	for i := 0; i < len(units); i++ {
		if !utf16.IsSurrogate(rune(units[i])) {
			continue
		}
		if i+1 == len(units) || utf16.DecodeRune(rune(units[i]), rune(units[i+1])) == utf8.RuneError {
			return true
		}
		i++
	}
	return false
}

// escapes are the characters that a backslash may stand before.
var escapes = map[byte]byte{
	'"': '"', '\'': '\'', '\\': '\\', 'r': '\r', 'b': '\b', 'f': '\f', 'n': '\n', 't': '\t', 'v': '\v',
}

// decode turns what stands between quotes into UTF-16 units.
func (b *builder) decode(n grammar.Node, s string) ([]uint16, bool) {
	b.undeclared(n, s)
	units := make([]uint16, 0, len(s))
	for len(s) > 0 {
		if s[0] == '\\' && len(s) > 1 {
			c, ok := escapes[s[1]]
			if !ok {
				b.fail(n, "escape-unknown", `a backslash itself is written \\`,
					`\%c means nothing in a string: \" \' \\ \r \b \f \n \t \v do`, s[1])
				return nil, false
			}
			units, s = append(units, uint16(c)), s[2:]
			continue
		}
		r, size, err := b.charset.decode(s)
		if err != "" {
			b.fail(n, "charset", "", "%s", err)
			return nil, false
		}
		units, s = utf16.AppendRune(units, r), s[size:]
	}
	return units, true
}

// decode returns the first character of s, or why there is none.
func (c charset) decode(s string) (r rune, size int, err string) {
	switch {
	case s[0] < utf8.RuneSelf:
		return rune(s[0]), 1, ""
	case c == utf8Set:
		r, size = utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && size == 1 {
			return 0, 0, fmt.Sprintf("the byte %#x is not UTF-8, which CHARACTER_SET says the source is in", s[0])
		}
		return r, size, ""
	case c == ascii:
		return 0, 0, fmt.Sprintf("the byte %#x is not ASCII, which CHARACTER_SET says the source is in", s[0])
	case c == latin1:
		return rune(s[0]), 1, ""
	}
	if r = charmap.Windows1252.DecodeByte(s[0]); r == utf8.RuneError {
		return 0, 0, fmt.Sprintf("the byte %#x stands for no character in CP1252", s[0])
	}
	return r, 1, ""
}

// undeclared warns of UTF-8 in a source that is read as CP1252 for want of a
// CHARACTER_SET.
func (b *builder) undeclared(n grammar.Node, s string) {
	if b.charset != cp1252 || b.utf8Seen || !utf8.ValidString(s) || isASCII(s) {
		return
	}
	b.utf8Seen = true
	b.warn(n, "charset-missing", "write CHARACTER_SET UTF8 before the resource",
		"this looks like UTF-8, but without CHARACTER_SET it is read as CP1252: %d characters, not %d", len(s), utf8.RuneCountInString(s))
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
