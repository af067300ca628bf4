package jsontext

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"
)

// TestUnitsKeepAll checks for any UTF-16 units that the JSON string is valid, holds
// nothing that controls a terminal, and reads back as the same units.
func TestUnitsKeepAll(t *testing.T) {
	unit := rapid.OneOf(rapid.Uint16(), rapid.Uint16Range(0xD7FF, 0xE000), rapid.Uint16Range(0, 0x100))
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOf(unit).Draw(t, "units")
		b, err := json.Marshal(Units(want))
		if err != nil || !json.Valid(b) {
			t.Fatalf("%q: %v", b, err)
		}
		for _, r := range string(b) {
			if !strconv.IsPrint(r) && r != 0xA0 && r != 0x3000 {
				t.Fatalf("%U in %q", r, b)
			}
		}
		if got := readUnits(string(b)); string(utf16.Decode(got)) != string(utf16.Decode(want)) || len(got) != len(want) {
			t.Fatalf("%q gives %x, want %x", b, got, want)
		}
	})
}

// readUnits reads a JSON string without the replacing of half surrogate pairs
// that encoding/json does.
func readUnits(s string) []uint16 {
	s = s[1 : len(s)-1]
	var out []uint16
	for s != "" {
		if hex, ok := strings.CutPrefix(s, `\u`); ok {
			n, _ := strconv.ParseUint(hex[:4], 16, 16)
			out, s = append(out, uint16(n)), hex[4:]
			continue
		}
		s = strings.TrimPrefix(s, `\`)
		r := []rune(s)[0]
		out, s = utf16.AppendRune(out, r), s[len(string(r)):]
	}
	return out
}
