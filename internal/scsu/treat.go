package scsu

// treatment is the way in which a unit is best written, found from the unit
// alone.
type treatment struct {
	kind kind
	arg  byte // the offset byte of asDynamic, the window of asStatic
}

type kind uint8

const (
	asPlain kind = iota
	asDynamic
	asStatic
	asUnicode
)

// treat finds the treatment of a unit. Only control characters are left for a
// static window, and they are in window 0: all others have an offset byte or
// are ideographs, Hangul and surrogates.
func treat(c uint16) treatment {
	switch {
	case isPlain(c):
		return treatment{kind: asPlain}
	case c < 0x80:
		return treatment{kind: asStatic, arg: 0}
	case c < skippedFrom || c >= skippedTo:
		return treatment{kind: asDynamic, arg: windowOffset(c)}
	}
	return treatment{kind: asUnicode}
}

// windowOffset returns the offset byte of the window for c. A special window
// goes before the one at a multiple of its size.
func windowOffset(c uint16) byte {
	for i, base := range specialBases {
		if shows(base, uint32(c)) {
			return byte(firstSpecial + i)
		}
	}
	if c >= skippedTo {
		c -= skippedGap
	}
	return byte(c / windowSize)
}
