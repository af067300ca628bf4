package main

import (
	"bytes"
	"strings"
)

// glob is a pattern whose only wildcard is the star, cut up for the searches of
// package bytes: what a careful author of a loop writes.
type glob struct {
	exact  bool
	prefix []byte   // the whole pattern, if exact
	middle [][]byte // between stars
	suffix []byte
}

func newGlob(pattern string) *glob {
	parts := bytes.Split([]byte(fold(pattern)), []byte("*"))
	last := len(parts) - 1
	if last == 0 {
		return &glob{exact: true, prefix: parts[0]}
	}
	return &glob{prefix: parts[0], middle: parts[1:last], suffix: parts[last]}
}

// match reports whether g matches a folded text.
func (g *glob) match(text []byte) bool {
	if g.exact {
		return bytes.Equal(text, g.prefix)
	}
	rest, ok := bytes.CutPrefix(text, g.prefix)
	if !ok {
		return false
	}
	if rest, ok = bytes.CutSuffix(rest, g.suffix); !ok {
		return false
	}
	for _, m := range g.middle {
		if _, rest, ok = bytes.Cut(rest, m); !ok {
			return false
		}
	}
	return true
}

// fold is the device's folding of ASCII.
func fold(s string) string { return strings.ToLower(s) }

// appendFolded appends s, folded, without an allocation if there is room.
func appendFolded(dst []byte, s string) []byte {
	for i := range len(s) {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}
