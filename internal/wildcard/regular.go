package wildcard

import "slices"

// Regular reports whether a pattern is regular: each literal run between its
// wildcards is a regular text. A pattern that isn't gets its reasons from
// Anomalies.
func Regular(pattern []uint16) bool {
	for len(pattern) > 0 {
		n := literal(pattern)
		if !RegularText(pattern[:n]) {
			return false
		}
		pattern = pattern[min(n+1, len(pattern)):]
	}
	return true
}

// RegularText reports whether a text is regular: characters of the Basic
// Multilingual Plane alone, no surrogates, no U+FFFE, U+FFFF or U+0345, the
// marks in canonical order once composed characters are taken apart, and a
// base character in front unless the text is empty. ASCII is regular.
func RegularText(text []uint16) bool {
	if len(text) > 0 && !isBase(rune(text[0])) {
		return false
	}
	for i := 0; i < len(text); {
		if text[i] < firstOutsideASCII {
			i++
			continue
		}
		if i = grapheme(text, i); i == irregular {
			return false
		}
	}
	return true
}

const (
	firstOutsideASCII = 0x80
	firstMark         = 0x300 // no unit below it is non-base
	irregular         = -1
)

// grapheme returns the end of the grapheme at i, a base character and the
// non-base ones that follow it, or irregular if it can't be in a regular text.
func grapheme(text []uint16, i int) int {
	last := uint8(0)
	for first := i; i < len(text) && (i == first || !isBase(rune(text[i]))); i++ {
		var ok bool
		if last, ok = follow(last, rune(text[i])); !ok {
			return irregular
		}
	}
	return i
}

// follow returns the class of the last element of the unit c, where last is the
// class of the element before it. It fails if c can't be in a regular text or
// isn't in canonical order.
func follow(last uint8, c rune) (class uint8, ok bool) {
	p := properties(c)
	if p.length == 0 {
		return p.class, inOrder(last, p.class) && !outside(c)
	}
	ok = !outside(c)
	for _, f := range p.folded() {
		class = properties(f).class
		ok = ok && inOrder(last, class)
		last = class
	}
	return class, ok
}

// outside reports whether no regular text has the unit, wherever it stands.
func outside(c rune) bool {
	return isSurrogate(c) || endsPlane(c) || element(c) == mark0345
}

// inOrder is the canonical order of two neighbours, by class.
func inOrder(last, next uint8) bool { return next == 0 || last <= next }

// literal returns the length of the text before the first wildcard.
func literal(pattern []uint16) int {
	n := slices.IndexFunc(pattern, isWildcard)
	if n < 0 {
		return len(pattern)
	}
	return n
}

func isWildcard(u uint16) bool { return u == '*' || u == '?' }

// skipGrapheme returns the end of the grapheme at i of a regular text.
func skipGrapheme(text []uint16, i int) int {
	for i++; i < len(text) && text[i] >= firstMark && !isBase(rune(text[i])); i++ {
	}
	return i
}
