package wildcard

// Codes is the number of codes: they are below it.
const Codes = 0xFE

// AppendCodes appends a code for each character of a text, with the marks that
// follow it: the ASCII character that alone it folds to, or a hash. Any text is
// legal; there are no more codes than units.
//
// In regular texts, equal characters have equal codes. Others may share a code,
// unless one of them is ASCII. So a regular pattern whose literals are replaced
// by their codes matches no regular text, as the textbook's glob, unless it
// matches the codes of the text; and an ASCII pattern no text at all, regular or
// not (docs/matching.md, Where it is a textbook glob, 3). The converse doesn't
// hold: Match decides.
func AppendCodes(dst []byte, text []uint16) []byte {
	var g graphemeHash
	for i, width := 0, 0; i < len(text); i += width {
		var c rune
		if c, width = codePoint(text[i:]); isDropped(c) {
			continue
		}
		if g.elements > 0 && isBase(c) {
			dst, g = append(dst, g.code()), graphemeHash{}
		}
		g.add(c)
	}
	if g.elements > 0 {
		dst = append(dst, g.code())
	}
	return dst
}

// graphemeHash is a hash over the elements of a character and its marks.
type graphemeHash struct {
	elements int
	hash     uint32
}

func (g *graphemeHash) add(c rune) {
	p := properties(c)
	if p.length == 0 {
		g.addElement(c)
	}
	for _, f := range p.folded() {
		g.addElement(f)
	}
}

// addElement leaves a single element as it is.
func (g *graphemeHash) addElement(e rune) {
	g.elements++
	g.hash = 31*g.hash + uint32(e)
}

func (g *graphemeHash) code() byte {
	if g.elements == 1 && g.hash < firstOutsideASCII {
		return byte(g.hash)
	}
	// The golden ratio times 2^32 spreads neighbours.
	return firstOutsideASCII + byte(g.hash*0x9E3779B1>>16%(Codes-firstOutsideASCII))
}
