package wildcard

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

// units reads the notation of the vectors: characters, \uXXXX for any unit,
// \UXXXXXXXX for any code point, and the escapes of JSON. An unpaired
// surrogate survives it, which encoding/json doesn't allow.
func units(t testing.TB, s string) (list []uint16) {
	t.Helper()
	for len(s) > 0 {
		c, width := escape(t, s)
		if width == 0 {
			runes := []rune(s)
			c, width = runes[0], len(string(runes[0]))
		}
		s = s[width:]
		if c > 0xFFFF {
			list = utf16.AppendRune(list, c)
		} else {
			list = append(list, uint16(c))
		}
	}
	return list
}

// escape reads the escape at the front of s; its width is 0 if there is none.
func escape(t testing.TB, s string) (c rune, width int) {
	t.Helper()
	if s[0] != '\\' {
		return 0, 0
	}
	digits := map[byte]int{'u': 4, 'U': 8}[s[1]]
	if digits == 0 {
		plain := strings.IndexByte(`\"nrtbf`, s[1])
		if plain < 0 {
			t.Fatalf("unknown escape in %q", s)
		}
		return rune("\\\"\n\r\t\b\f"[plain]), 2
	}
	n, err := strconv.ParseUint(s[2:][:digits], 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	return rune(n), 2 + digits
}

// show is the way back, for messages.
func show(list []uint16) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, u := range list {
		if ' ' <= u && u <= '~' {
			b.WriteByte(byte(u))
		} else {
			fmt.Fprintf(&b, `\u%04X`, u)
		}
	}
	b.WriteByte('"')
	return b.String()
}
