package wildcard

// OutsideASCII stands in a sieved text for what no ASCII character of a pattern
// matches.
const OutsideASCII = 0x80

// AppendSieved appends a byte for each character of a text, with the marks that
// follow it: the ASCII character that alone it folds to, or OutsideASCII. Any
// text is legal; there are no more bytes than units.
//
// Unless the textbook's glob matches these bytes, no ASCII pattern matches the
// text, regular or not (docs/matching.md, Where it is a textbook glob, 3). The
// converse doesn't hold: ask Match.
func AppendSieved(dst []byte, text []uint16) []byte {
	start := len(dst)
	for i, width := 0, 0; i < len(text); i += width {
		var c rune
		c, width = codePoint(text[i:])
		switch {
		case isSurrogate(c) || endsPlane(c): // as if absent
		case isBase(c) || len(dst) == start:
			dst = append(dst, sieved(c))
		default:
			dst[len(dst)-1] = OutsideASCII
		}
	}
	return dst
}

// sieved gives the ASCII character that c folds to.
func sieved(c rune) byte {
	if p := properties(c); p.length == 1 {
		c = p.folded()[0]
	} else if p.length > 1 {
		return OutsideASCII
	}
	if c >= firstOutsideASCII {
		return OutsideASCII
	}
	return byte(c)
}
