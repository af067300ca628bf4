package scsu

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// checkEncode holds the properties of Encode for any units.
func checkEncode(tb interface {
	Helper()
	Fatalf(string, ...any)
}, units []uint16) {
	tb.Helper()
	packed := encode(units)
	// A unit takes three bytes at most, and a change of mode comes with two
	// units at least and takes two bytes.
	if len(packed) > 4*len(units) {
		tb.Fatalf("%d units take %d bytes", len(units), len(packed))
	}
	if got, err := decode(packed); err != nil || !slices.Equal(got, units) {
		tb.Fatalf("%04X became % X, and that %04X (%v)", units, packed, got, err)
	}
}

// checkDecode holds the properties of Decode for any bytes.
func checkDecode(tb testing.TB, b []byte) {
	tb.Helper()
	units, err := decode(b)
	if err != nil {
		var at *Error
		if !errors.As(err, &at) || at.Offset < 0 || at.Offset >= len(b) || errors.Is(err, ErrLimit) {
			tb.Fatalf("% X: no clear error: %v", b, err)
		}
		return
	}
	if len(units) > 2*len(b) {
		tb.Fatalf("%d bytes became %d units", len(b), len(units))
	}
	checkEncode(tb, units)
	if got, err := AppendDecode(nil, b, len(units)); err != nil || !slices.Equal(got, units) {
		tb.Fatalf("% X: at its own limit: %v", b, err)
	}
	if _, err := AppendDecode(nil, b, len(units)-1); len(units) > 0 && !errors.Is(err, ErrLimit) {
		tb.Fatalf("% X: below its own length: %v", b, err)
	}
}

// Runs of units of one part of the plane, as text has them, and all others.
func TestDecodeOfEncode(t *testing.T) {
	parts := [][2]uint16{
		{0x00, 0x1F}, {0x20, 0x7F}, {0x80, 0xFF}, {0xC0, 0x13F}, {0x140, 0x3FF}, {0x400, 0x5FF},
		{0x900, 0xFFF}, {0x2000, 0x217F}, {0x3000, 0x311F}, {0x3400, 0xD7FF}, {0xD800, 0xDFFF},
		{0xE000, 0xF2FF}, {0xF300, 0xFFFF}, {0x0000, 0xFFFF},
	}
	rapid.Check(t, func(t *rapid.T) {
		var units []uint16
		for range rapid.IntRange(0, 12).Draw(t, "runs") {
			part := rapid.SampledFrom(parts).Draw(t, "part")
			unit := rapid.Uint16Range(part[0], part[1])
			units = append(units, rapid.SliceOfN(unit, 1, 6).Draw(t, "units")...)
		}
		checkEncode(t, units)
	})
}

// Every unit, alone and within text of every mode.
func TestEveryUnit(t *testing.T) {
	for c := range 0x10000 {
		u := uint16(c)
		checkEncode(t, []uint16{u})
		checkEncode(t, []uint16{'a', u, u, 0x4E00, 0x4E01, u, 0x4E00, 0x4E01, u, u, 0x431, u})
	}
}

// corpus returns the compiled files of the reference compiler. What they hold
// compressed begins at some place within; as a whole they are bytes like any.
// The full-size one is left out: a fuzzing engine would spend its time on
// making it smaller.
func corpus(tb testing.TB) [][]byte {
	tb.Helper()
	paths, err := filepath.Glob("../../compiler/testdata/conformance/*/*.rsc")
	if err != nil {
		tb.Fatal(err)
	}
	var files [][]byte
	for _, path := range paths {
		if filepath.Base(path) == "big-1500.rsc" {
			continue
		}
		b, err := os.ReadFile(path)
		if err != nil {
			tb.Fatal(err)
		}
		files = append(files, b)
	}
	return files
}

func decodeSeeds(tb testing.TB) [][]byte {
	seeds := corpus(tb)
	for _, e := range slices.Concat(examples, encodings) {
		seeds = append(seeds, unhex(tb, e.packed))
	}
	return seeds
}

func encodeSeeds(tb testing.TB) [][]byte {
	seeds := corpus(tb)
	for _, e := range slices.Concat(examples, encodings) {
		var b []byte
		for _, u := range e.units {
			b = binary.LittleEndian.AppendUint16(b, u)
		}
		seeds = append(seeds, b)
	}
	return seeds
}

func TestSeeds(t *testing.T) {
	if d, e := len(decodeSeeds(t)), len(encodeSeeds(t)); d != 327 || e != 327 {
		t.Errorf("%d and %d seeds, want 327 and 327", d, e)
	}
}

// Run with -fuzzminimizetime=100x: by default the engine spends most of a short
// run on making inputs smaller.

func FuzzDecode(f *testing.F) {
	for _, b := range decodeSeeds(f) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) { checkDecode(t, b) })
}

func FuzzEncode(f *testing.F) {
	for _, b := range encodeSeeds(f) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		units := make([]uint16, len(b)/2)
		for i := range units {
			units[i] = binary.LittleEndian.Uint16(b[2*i:])
		}
		checkEncode(t, units)
	})
}
