package scsu

// queueSize is how far the reference compiler looks ahead.
const queueSize = 4

// AppendEncode compresses units from a fresh state, onto the end of dst, into
// the bytes that the reference compiler writes. They are at most three for each
// unit, and a few for the changes of mode.
func AppendEncode(dst []byte, units []uint16) []byte {
	e := encoder{out: dst, dynamic: initialDynamic}
	for len(units) > 0 {
		n := e.run(units[:min(queueSize, len(units))])
		units = units[n:]
	}
	return e.out
}

type encoder struct {
	out     []byte
	unicode bool // the mode
	active  byte // dynamic window
	dynamic [8]uint32
}

// run writes units from the head of the queue and returns their number, one at
// least.
func (e *encoder) run(queue []uint16) int {
	n := 0
	for !e.unicode && n < len(queue) && e.writeDirect(queue[n]) {
		n++
	}
	if n == len(queue) {
		return n
	}
	t := treat(queue[n])
	end := n + 1
	for end < len(queue) && treat(queue[end]) == t {
		end++
	}
	if end-n > 1 {
		e.choose(t)
	}
	for _, c := range queue[n:end] {
		e.write(c, t)
	}
	return end
}

// writeDirect writes a unit that takes one byte in single-byte mode as it is;
// it returns false for any other.
func (e *encoder) writeDirect(c uint16) bool {
	base := e.dynamic[e.active]
	switch {
	case isPlain(c):
		e.out = append(e.out, byte(c))
	case shows(base, uint32(c)):
		e.out = append(e.out, byte(uint32(c)-base+windowSize))
	default:
		return false
	}
	return true
}

// choose changes mode and window so that units of a treatment become cheap.
func (e *encoder) choose(t treatment) {
	switch t.kind {
	case asUnicode:
		if !e.unicode {
			e.out = append(e.out, tagSCU)
		}
		e.unicode = true
	case asPlain:
		if e.unicode {
			e.out = append(e.out, tagUC0+e.active)
		}
		e.unicode = false
	case asDynamic:
		e.chooseWindow(t.arg)
	}
}

// redefined is the only dynamic window that the reference compiler moves.
const redefined = 4

// chooseWindow makes the window of an offset byte the active one, and defines
// it where none stands there.
func (e *encoder) chooseWindow(offset byte) {
	base, _ := windowBase(offset)
	window, found := e.windowAt(base)
	switch {
	case !found && e.unicode:
		e.out = append(e.out, tagUD0+redefined, offset)
	case !found:
		e.out = append(e.out, tagSD0+redefined, offset)
	case e.unicode:
		e.out = append(e.out, tagUC0+window)
	case window != e.active:
		e.out = append(e.out, tagSC0+window)
	}
	e.unicode, e.active = false, window
	e.dynamic[window] = base
}

// windowAt returns the first dynamic window at base, or the one to be moved.
func (e *encoder) windowAt(base uint32) (window byte, found bool) {
	for i, b := range e.dynamic {
		if b == base {
			return byte(i), true
		}
	}
	return redefined, false
}

// write writes one unit in the present mode, whatever it takes.
func (e *encoder) write(c uint16, t treatment) {
	hi, lo := byte(c>>8), byte(c)
	switch {
	case e.unicode && hi >= tagUC0 && hi <= tagURs:
		e.out = append(e.out, tagUQU, hi, lo)
	case e.unicode:
		e.out = append(e.out, hi, lo)
	case t.kind == asStatic:
		e.out = append(e.out, tagSQ0+t.arg, lo)
	case !e.writeDirect(c):
		e.quote(c)
	}
}

// quote writes a unit of single-byte mode that the active window doesn't
// show.
func (e *encoder) quote(c uint16) {
	for i, base := range e.dynamic {
		if shows(base, uint32(c)) {
			e.out = append(e.out, tagSQ0+byte(i), byte(uint32(c)-base+windowSize))
			return
		}
	}
	e.out = append(e.out, tagSQU, byte(c>>8), byte(c))
}
