package scsu

import (
	"encoding/binary"
	"errors"
	"fmt"
	"unicode/utf16"
)

// What can be wrong with a compressed string. They come wrapped in an Error.
var (
	// ErrTruncated: the string ends within a tag or a unit.
	ErrTruncated = errors.New("ends too early")
	// ErrReserved: UTS #6 reserves the tag or the window offset.
	ErrReserved = errors.New("reserved value")
	// ErrLimit: the string stands for more units than the caller allows.
	ErrLimit = errors.New("too many units")
)

// Error says where a compressed string is wrong.
type Error struct {
	Offset int    // in bytes, of the tag or unit that can't be read
	Field  string // what stands there
	Err    error  // ErrTruncated, ErrReserved or ErrLimit
}

// Error returns the place, the field and the cause.
func (e *Error) Error() string {
	return fmt.Sprintf("scsu offset %d: %s: %v", e.Offset, e.Field, e.Err)
}

// Unwrap returns the sentinel.
func (e *Error) Unwrap() error { return e.Err }

// AppendDecode expands b from a fresh state, onto the end of dst, to at most
// limit units; a byte never stands for more than two. If there is an error, what
// was read before it is in the result.
func AppendDecode(dst []uint16, b []byte, limit int) ([]uint16, error) {
	d := decoder{in: b, out: dst, max: len(dst) + limit, dynamic: initialDynamic}
	for d.pos < len(b) && d.err == nil {
		d.start = d.pos
		if d.unicode {
			d.unicodeMode(d.next())
		} else {
			d.singleByteMode(d.next())
		}
	}
	if d.err != nil {
		return d.out, d.err
	}
	return d.out, nil
}

type decoder struct {
	in      []byte
	pos     int
	start   int // of the tag or unit in work
	out     []uint16
	max     int  // of len(out)
	unicode bool // the mode
	active  byte // dynamic window
	dynamic [8]uint32
	err     *Error // the first; everything after it is without effect
}

func (d *decoder) fail(field string, err error) {
	if d.err == nil {
		d.err = &Error{Offset: d.start, Field: field, Err: err}
	}
}

// next reads a byte; at the end it fails and returns 0.
func (d *decoder) next() byte {
	if d.pos >= len(d.in) {
		d.fail("argument", ErrTruncated)
		return 0
	}
	d.pos++
	return d.in[d.pos-1]
}

// emit adds a code point: unpaired surrogates as they are, those above
// FFFF as a pair.
func (d *decoder) emit(c uint32) {
	if d.err != nil {
		return
	}
	if len(d.out)+utf16Len(c) > d.max {
		d.fail("text", ErrLimit)
		return
	}
	if c < 0x10000 {
		d.out = append(d.out, uint16(c))
		return
	}
	high, low := utf16.EncodeRune(rune(c))
	d.out = append(d.out, uint16(high), uint16(low))
}

func utf16Len(c uint32) int {
	if c < 0x10000 {
		return 1
	}
	return 2
}

func (d *decoder) singleByteMode(b byte) {
	switch {
	case b >= windowSize:
		d.emit(d.dynamic[d.active] + uint32(b) - windowSize)
	case isPlain(uint16(b)):
		d.emit(uint32(b))
	case b >= tagSD0:
		d.define(b - tagSD0)
	case b >= tagSC0:
		d.active = b - tagSC0
	case b == tagSCU:
		d.unicode = true
	case b == tagSQU:
		d.emitUnit(d.next())
	case b == tagSDX:
		d.defineExtended()
	case b < tagSQ0+8:
		d.quote(b-tagSQ0, d.next())
	default:
		d.fail(fmt.Sprintf("tag 0x%02X", b), ErrReserved)
	}
}

func (d *decoder) unicodeMode(b byte) {
	switch {
	case b < tagUC0 || b > tagURs:
		d.emitUnit(b)
	case b < tagUD0:
		d.unicode, d.active = false, b-tagUC0
	case b < tagUQU:
		d.define(b - tagUD0)
	case b == tagUQU:
		d.emitUnit(d.next())
	case b == tagUDX:
		d.defineExtended()
	default:
		d.fail(fmt.Sprintf("tag 0x%02X", b), ErrReserved)
	}
}

// emitUnit adds the unit whose low byte comes next.
func (d *decoder) emitUnit(high byte) {
	low := d.next()
	d.emit(uint32(high)<<8 | uint32(low))
}

// quote adds one character out of a window: the lower half of b stands for
// the static one, the upper for the dynamic one.
func (d *decoder) quote(window, b byte) {
	if b < windowSize {
		d.emit(staticBases[window] + uint32(b))
		return
	}
	d.emit(d.dynamic[window] + uint32(b) - windowSize)
}

// define moves a window to the offset byte that comes next.
func (d *decoder) define(window byte) {
	offset := d.next()
	if base, ok := windowBase(offset); ok {
		d.change(window, base)
		return
	}
	d.fail(fmt.Sprintf("window offset 0x%02X", offset), ErrReserved)
}

// defineExtended moves a window above FFFF: three bits say which, thirteen to
// where (UTS #6, Extended Windows).
func (d *decoder) defineExtended() {
	hi, lo := d.next(), d.next()
	arg := binary.BigEndian.Uint16([]byte{hi, lo})
	d.change(byte(arg>>13), 0x10000+uint32(arg&0x1FFF)*windowSize)
}

func (d *decoder) change(window byte, base uint32) {
	d.dynamic[window] = base
	d.unicode, d.active = false, window
}
