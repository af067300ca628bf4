package wildcard

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"
)

// FuzzUnits holds all ways to match against each other for any units.
func FuzzUnits(f *testing.F) {
	for _, v := range unitSeeds(f) {
		f.Add(toBytes(v.pattern), toBytes(v.text))
	}
	j := newJudge(f)
	f.Fuzz(func(t *testing.T, pattern, text []byte) {
		one := *j
		one.TB = t
		one.check(one.compile(fromBytes(pattern)), fromBytes(text))
	})
}

// FuzzDense is the same over few characters, one byte each, that have a part
// in the quirks: equal characters are more common.
func FuzzDense(f *testing.F) {
	for _, s := range denseSeeds() {
		f.Add(s[0], s[1])
	}
	j, dense := newJudge(f), denseAlphabet(f)
	f.Fuzz(func(t *testing.T, pattern, text []byte) {
		one := *j
		one.TB = t
		one.check(one.compile(pick(dense, pattern)), pick(dense, text))
	})
}

func TestFuzzSeeds(t *testing.T) {
	if n := len(unitSeeds(t)); n != vectorCount+exampleCount {
		t.Errorf("%d seeds of FuzzUnits, want %d", n, vectorCount+exampleCount)
	}
	if n := len(denseSeeds()); n != 500 {
		t.Errorf("%d seeds of FuzzDense, want 500", n)
	}
	j, dense, matches := newJudge(t), denseAlphabet(t), 0
	for _, s := range denseSeeds() {
		if j.check(j.compile(pick(dense, s[0])), pick(dense, s[1])) {
			matches++
		}
	}
	if j.regular < 50 || matches < 50 {
		t.Errorf("of the seeds of FuzzDense only %d are regular, and %d match", j.regular, matches)
	}
}

func unitSeeds(t testing.TB) []vector { return append(readVectors(t), readExamples(t)...) }

// denseSeeds returns texts made from patterns, so that many of them match.
func denseSeeds() (seeds [][2][]byte) {
	r := rand.New(rand.NewPCG(5, 0))
	for range 500 {
		var pattern, text []byte
		for range 1 + r.IntN(8) {
			b := byte(r.IntN(24)) // mostly ASCII and wildcards
			pattern = append(pattern, b)
			for n := r.IntN(2); b%24 < 2 && n >= 0; n-- {
				text = append(text, byte(r.IntN(24)))
			}
			if b >= 2 {
				text = append(text, b)
			}
		}
		seeds = append(seeds, [2][]byte{pattern, text})
	}
	return seeds
}

func denseAlphabet(t testing.TB) []uint16 {
	return units(t, `*?abABiI\u00E1\u1EA1\u0301\u0323aabbkK\u212As\u017F\u0130\u0131\u0327\u0340`+
		`\u03B1\u03B9\u1FB3\u1FB4\u0345\u1FBE\u0399\u0344\u0308\u0903\u20DD\u1100\u1161\uAC00\u304C\u304B\u3099`+
		`\uD800\uDC00\uD801\uDC00\uD87E\uDC00\u4E3D\uF900\uFACF\uFFFE\uFFFF\uFDD0\u06DE\u19B0\u17B4\u00DF\u1E9E`)
}

func pick(alphabet []uint16, data []byte) []uint16 {
	list := make([]uint16, len(data))
	for i, b := range data {
		list[i] = alphabet[int(b)%len(alphabet)]
	}
	return list
}

func toBytes(list []uint16) (data []byte) {
	for _, u := range list {
		data = binary.BigEndian.AppendUint16(data, u)
	}
	return data
}

// fromBytes drops a last odd byte.
func fromBytes(data []byte) []uint16 {
	list := make([]uint16, len(data)/2)
	for i := range list {
		list[i] = binary.BigEndian.Uint16(data[2*i:])
	}
	return list
}
