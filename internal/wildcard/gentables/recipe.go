package main

import (
	"unicode"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/unicode/rangetable"
)

// The recipe of docs/matching.md, "Tables". It is pinned to Unicode 5.0, and so
// must give the same tables with every later version of Go and x/text.

var (
	assigned = rangetable.Assigned("5.0.0")
	marks    = unicode.M
	// Non-base to the device, though not marks of Unicode 5.0.
	alsoNonBase = rangetable.New(runes(0x06DE, 0x06DE, 0x19B0, 0x19C0, 0x19C8, 0x19C9)...)
	// Base to the device, though marks today.
	notNonBase = rangetable.New(runes(0x17B4, 0x17B5, 0x1885, 0x1886)...)
)

// runes lists the code points of the closed ranges lo0, hi0, lo1, hi1 ….
func runes(bounds ...rune) (list []rune) {
	for i := 0; i < len(bounds); i += 2 {
		for c := bounds[i]; c <= bounds[i+1]; c++ {
			list = append(list, c)
		}
	}
	return list
}

func isAssigned(c rune) bool { return unicode.Is(assigned, c) }

// fold is F(c).
func fold(c rune) []rune {
	if !isAssigned(c) {
		return []rune{c}
	}
	l := unicode.ToLower(unicode.ToUpper(c))
	if !isAssigned(l) {
		l = c
	}
	if isSurrogate(l) || isHangul(l) {
		return []rune{l}
	}
	return []rune(norm.NFD.String(string(l)))
}

// class is ccc(c).
func class(c rune) uint8 {
	if !isAssigned(c) || isSurrogate(c) {
		return 0
	}
	return norm.NFD.PropertiesString(string(c)).CCC()
}

// isBase is base(c).
func isBase(c rune) bool {
	mark := unicode.Is(marks, c) && isAssigned(c)
	return !(mark || unicode.Is(alsoNonBase, c)) || unicode.Is(notNonBase, c)
}

func isHangul(c rune) bool { return 0xAC00 <= c && c <= 0xD7A3 }

// A string of Go can't hold a surrogate; on its own it has no fold and no class.
func isSurrogate(c rune) bool { return 0xD800 <= c && c <= 0xDFFF }
