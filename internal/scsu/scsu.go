// Package scsu is the Standard Compression Scheme for Unicode (Unicode
// Technical Standard #6). It reads every valid string and writes the one that
// the reference resource compiler writes (docs/compiled-format.md,
// SCSU).
//
// Strings are UTF-16 units. Surrogates need no partner, in
// either direction.
package scsu

// Tags of single-byte mode (UTS #6, Single-Byte Mode Tags). Those of eight
// windows are given for window 0; the others follow.
const (
	tagSQ0 = 0x01 // quote from window
	tagSDX = 0x0B // define extended window
	tagSQU = 0x0E // quote Unicode
	tagSCU = 0x0F // change to Unicode mode
	tagSC0 = 0x10 // change to window
	tagSD0 = 0x18 // define window
)

// Tags of Unicode mode (UTS #6, Unicode Mode Tags).
const (
	tagUC0 = 0xE0 // change to window
	tagUD0 = 0xE8 // define window
	tagUQU = 0xF0 // quote Unicode
	tagUDX = 0xF1 // define extended window
	tagURs = 0xF2 // reserved
)

// windowSize is how many code points a window shows.
const windowSize = 0x80

// firstSpecial is the offset byte of the first special window.
const firstSpecial = 0xF9

// skipped is what offset bytes leave out: from here to E000 are ideographs,
// Hangul and surrogates, which gain nothing by a window.
const (
	skippedFrom = 0x3400
	skippedTo   = 0xE000
	skippedGap  = 0xAC00
)

var (
	staticBases    = [8]uint32{0x0000, 0x0080, 0x0100, 0x0300, 0x2000, 0x2080, 0x2100, 0x3000}
	initialDynamic = [8]uint32{0x0080, 0x00C0, 0x0400, 0x0600, 0x0900, 0x3040, 0x30A0, 0xFF00}
	specialBases   = [7]uint32{0x00C0, 0x0250, 0x0370, 0x0530, 0x3040, 0x30A0, 0xFF60}
)

// windowBase returns the base that an offset byte stands for, and false for the
// reserved ones (UTS #6, Window Offset Table).
func windowBase(offset byte) (uint32, bool) {
	switch {
	case offset == 0:
		return 0, false
	case offset < skippedFrom/windowSize:
		return uint32(offset) * windowSize, true
	case offset < (0x10000-skippedGap)/windowSize:
		return uint32(offset)*windowSize + skippedGap, true
	case offset < firstSpecial:
		return 0, false
	}
	return specialBases[offset-firstSpecial], true
}

// shows reports whether the window at base shows c.
func shows(base, c uint32) bool { return c-base < windowSize }

// isPlain reports whether c stands for itself in single-byte mode.
func isPlain(c uint16) bool {
	switch c {
	case 0x00, '\t', '\n', '\r':
		return true
	}
	return 0x20 <= c && c < 0x80
}
