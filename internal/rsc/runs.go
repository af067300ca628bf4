package rsc

import (
	"fmt"

	"ups/internal/scsu"
)

// Lengths of runs (docs/compiled-format.md, Compressed runs): one byte below
// 0x80, otherwise two, big-endian, with the top bit set.
const (
	longLength   = 0x80
	maxRunLength = 0x7FFF
)

func lengthSize(n int) int {
	if n < longLength {
		return 1
	}
	return 2
}

func appendLength(out []byte, n int) []byte {
	if n < longLength {
		return append(out, byte(n))
	}
	return append(out, longLength|byte(n>>8), byte(n))
}

// fitLengths reports whether the lengths of all other-runs fit their 15 bits.
// The format has no way to say a longer one; a plain resource means the same,
// and every reader takes it.
func fitLengths(plain []byte, chain []run) bool {
	from := 0
	for _, r := range chain {
		if r.start-from > maxRunLength {
			return false
		}
		from = r.end
	}
	return len(plain)-from <= maxRunLength
}

// appendResource writes the resource: as a chain, or plain if there is none.
func appendResource(out, plain []byte, chain []run) []byte {
	if len(chain) == 0 {
		return append(out, plain...)
	}
	out = appendLength(out, 0) // a chain begins with a compressed run
	from := 0
	for _, r := range chain {
		out = appendOther(out, plain[from:r.start])
		out = appendLength(out, len(r.packed))
		out = append(out, r.packed...)
		from = r.end
	}
	if from == len(plain) {
		return out
	}
	return appendOther(out, plain[from:])
}

func appendOther(out, other []byte) []byte {
	out = appendLength(out, len(other))
	return append(out, other...)
}

// expander turns a chain of runs into the plain layout. It takes any division
// into runs and any valid SCSU, not only what Encode writes.
type expander struct {
	file  []byte // up to the end of the resource
	pos   int    // in file
	out   []byte
	size  int      // that out must come to
	units []uint16 // reused from run to run
}

// expand returns the plain layout of a chain that begins at offsetResource.
// The memory is in proportion to the chain, whatever size says.
func expand(file []byte, size int) ([]byte, error) {
	// A byte of SCSU makes at most two units, and so four bytes.
	bound := min(size, 4*(len(file)-offsetResource))
	x := &expander{file: file, pos: offsetResource, out: make([]byte, 0, bound), size: size}
	for first := true; first || x.pos < len(file); first = false {
		if err := x.compressed(first); err != nil {
			return nil, err
		}
		if x.pos == len(file) {
			break
		}
		if err := x.other(); err != nil {
			return nil, err
		}
	}
	return x.out, nil
}

// compressed reads a compressed run. Only the first may be empty: nothing
// says whether an empty string has padding.
func (x *expander) compressed(first bool) error {
	body, err := x.run("compressed run")
	if err != nil || first && len(body) == 0 {
		return err
	}
	start := x.pos - len(body)
	limit := max(0, x.size-len(x.out)-len(x.out)%2) / 2
	x.units, err = scsu.AppendDecode(x.units[:0], body, limit)
	if err != nil {
		return &Error{Offset: start, Field: "compressed run", Err: fmt.Errorf("%w: %w", ErrFormat, err)}
	}
	if len(x.units) == 0 {
		return formatError(start, "compressed run", "an empty string")
	}
	x.out = appendUnits(x.out, x.units)
	return nil
}

// other reads a run of other bytes. At the end of the chain an empty one
// isn't written.
func (x *expander) other() error {
	start := x.pos
	body, err := x.run("run of other bytes")
	switch {
	case err != nil:
		return err
	case len(body) == 0 && x.pos == len(x.file):
		return formatError(start, "run of other bytes", "empty at the end")
	case len(x.out)+len(body) > x.size:
		return formatError(start, "run of other bytes", "the resource expands to more than %d bytes", x.size)
	}
	x.out = append(x.out, body...)
	return nil
}

// run reads a length and that many bytes.
func (x *expander) run(field string) ([]byte, error) {
	start := x.pos
	n, err := x.length(field)
	if err != nil {
		return nil, err
	}
	if n > len(x.file)-x.pos {
		return nil, truncated(start, field)
	}
	x.pos += n
	return x.file[x.pos-n : x.pos], nil
}

func (x *expander) length(field string) (int, error) {
	rest := x.file[x.pos:]
	switch {
	case len(rest) == 0:
		return 0, truncated(x.pos, field)
	case rest[0] < longLength:
		x.pos++
		return int(rest[0]), nil
	case len(rest) == 1:
		return 0, truncated(x.pos, field)
	}
	n := int(rest[0]&^longLength)<<8 | int(rest[1])
	if n < longLength {
		return 0, formatError(x.pos, field, "length %d takes two bytes", n)
	}
	x.pos += 2
	return n, nil
}
