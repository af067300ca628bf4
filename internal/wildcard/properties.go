package wildcard

//go:generate go run ./gentables

// record is what the device knows of a character (docs/matching.md, Tables).
// Characters that share all of it share a record.
type record struct {
	start   uint16 // of the folded decomposition in folds
	length  uint8  // of it; 0 if the character folds to itself
	class   uint8  // combining class
	nonBase bool
	newer   bool // than Unicode 5.0, or not a character at all
}

// properties returns the record of a code point, 0 to 0x10FFFF.
func properties(c rune) *record {
	const inPage = 1<<pageBits - 1
	return &records[pages[int(pageOf[c>>pageBits])<<pageBits|int(c&inPage)]]
}

// folded is F(c) of a character that has a row in F. It is empty for any other,
// which folds to itself.
func (r *record) folded() []rune { return folds[r.start:][:r.length] }

// isBase is base(c), for code points and for single units.
func isBase(c rune) bool { return c < firstMark || !properties(c).nonBase }

// hasRow reports whether c has a row in F.
func hasRow(c rune) bool { return properties(c).length > 0 }
