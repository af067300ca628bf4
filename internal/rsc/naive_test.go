package rsc

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ups/internal/scsu"
	"ups/policy"
)

// This is the text of docs/compiled-format.md, Compressed runs, step by step and
// without thought of speed: all runs are made afresh whenever one is dropped.
// Encode must agree with it.

// piece is a part of the resource: bytes, or a string that isn't empty.
type piece struct {
	other      []byte
	units      []uint16
	packed     []byte
	compressed bool
}

// naiveRun is a compressed run and the run of other bytes after it.
type naiveRun struct {
	piece  int // its string; -1 for the empty one that begins the chain
	packed []byte
	worth  int
	other  []byte
}

func naivePieces(f *policy.File) []*piece {
	head := little.AppendUint16(nil, f.Version)
	head = little.AppendUint32(head, f.Reserved)
	if f.Header != nil {
		head = appendHeader(head, f.Header)
	}
	pieces := []*piece{{other: little.AppendUint16(head, uint16(len(f.Policies)))}}
	for _, p := range f.Policies {
		pieces = append(pieces, &piece{other: appendBeforeText(nil, &p)})
		if n := len(p.Destination); n > 0 {
			packed := scsu.AppendEncode(nil, p.Destination)
			pieces = append(pieces, &piece{units: p.Destination, packed: packed, compressed: len(packed) < 2*n})
		}
		pieces = append(pieces, &piece{other: appendAfterText(nil, &p)})
	}
	return pieces
}

// naiveRuns works out all runs; the first is the empty one.
func naiveRuns(pieces []*piece) []naiveRun {
	runs := []naiveRun{{piece: -1}}
	offset := 0
	for i, p := range pieces {
		last := &runs[len(runs)-1]
		pad := 0
		if p.units != nil {
			pad = offset % 2
		}
		switch {
		case p.compressed:
			runs = append(runs, naiveRun{piece: i, packed: p.packed, worth: pad + 2*len(p.units)})
		default:
			last.other = append(last.other, p.other...)
			last.other = append(last.other, bytes.Repeat([]byte{0xAB}, pad)...)
			for _, u := range p.units {
				last.other = append(last.other, byte(u), byte(u>>8))
			}
		}
		offset += pad + len(p.other) + 2*len(p.units)
	}
	return runs
}

// naiveDrop returns the place of the first run that saves nothing, or -1.
func naiveDrop(runs []naiveRun) int {
	for i, r := range runs {
		last := i == len(runs)-1
		if i == 0 && !last {
			continue
		}
		cost := len(appendLength(nil, len(r.packed))) + len(r.packed)
		if !last || len(r.other) > 0 {
			cost += len(appendLength(nil, len(r.other)))
		}
		if cost >= r.worth {
			return i
		}
	}
	return -1
}

// naiveResource returns the resource of a File as Encode must write it.
func naiveResource(f *policy.File) []byte {
	pieces := naivePieces(f)
	for {
		runs := naiveRuns(pieces)
		drop := naiveDrop(runs)
		switch {
		case drop == 0:
			return runs[0].other
		case drop > 0:
			pieces[runs[drop].piece].compressed = false
			continue
		}
		var out []byte
		for i, r := range runs {
			out = append(appendLength(out, len(r.packed)), r.packed...)
			if i < len(runs)-1 || len(r.other) > 0 {
				out = append(appendLength(out, len(r.other)), r.other...)
			}
		}
		return out
	}
}

func resourceOf(b []byte) []byte { return b[offsetResource : len(b)-indexSize] }

func TestDropRuleAgreesWithTheDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFile(t)
		b, err := Encode(f)
		if err != nil {
			t.Fatal(err)
		}
		if want := naiveResource(f); !bytes.Equal(resourceOf(b), want) {
			t.Fatalf("resource is\n%x, want\n%x", resourceOf(b), want)
		}
	})
}

// A run that is dropped makes the other bytes before it longer, and so may
// make the run before that one too large, and so on down the chain. Lengths of
// other runs near 0x80, where they become two bytes, are what it takes.
func TestDropRuleChain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := &policy.File{Header: &policy.Header{}}
		for range rapid.IntRange(1, 40).Draw(t, "policies") {
			p := policy.Policy{
				Destination: policy.NewText("abcdefgh"[:rapid.IntRange(0, 5).Draw(t, "units")]),
				SIDs:        make([]uint32, rapid.IntRange(0, 30).Draw(t, "SIDs")),
			}
			f.Policies = append(f.Policies, p)
		}
		b, err := Encode(f)
		if err != nil {
			t.Fatal(err)
		}
		if want := naiveResource(f); !bytes.Equal(resourceOf(b), want) {
			t.Fatalf("resource is\n%x, want\n%x", resourceOf(b), want)
		}
	})
}

// Every way in which the other bytes after a run that is worth one byte pass
// 0x7F when the next run is dropped.
func TestDropRuleAtLengths(t *testing.T) {
	for kept := range 6 {
		for dropped := range 4 {
			for sids := range 30 {
				f := uniformFile(3, policy.NewText("abcdefgh"))
				f.Policies[0].Destination = policy.NewText("abcdefgh"[:kept])
				f.Policies[1].Destination = policy.NewText("abcdefgh"[:dropped])
				f.Policies[1].SIDs = make([]uint32, sids)
				if !bytes.Equal(resourceOf(encoded(t, f)), naiveResource(f)) {
					t.Errorf("%d units, %d units, %d SIDs: the resource isn't as the specification has it", kept, dropped, sids)
				}
			}
		}
	}
}

// Nearly all runs of these files are dropped, one pass each.
func TestDropRuleOfLargeFiles(t *testing.T) {
	mixed := uniformFile(1500, nil)
	for i := range mixed.Policies {
		mixed.Policies[i].Destination = policy.NewText("*7abcd"[:i*i%7%6])
	}
	for name, f := range map[string]*policy.File{
		"all dropped": uniformFile(1500, policy.NewText("*")),
		"none":        uniformFile(1300, policy.NewText("*.example")),
		"mixed":       mixed,
	} {
		b, err := Encode(f)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !bytes.Equal(resourceOf(b), naiveResource(f)) {
			t.Errorf("%s: the resource isn't as the specification has it", name)
		}
	}
}

// A run of other bytes above 0x7FFF has no length in the format. Such a
// resource stays plain.
func TestRunTooLongForItsLength(t *testing.T) {
	for _, longAt := range []int{0, 1499} {
		f := uniformFile(1500, policy.NewText("*"))
		f.Policies[longAt].Destination = policy.NewText("https://example.com/*")
		b, err := Encode(f)
		if err != nil {
			t.Fatal(err)
		}
		if b[offsetBits] != 0 {
			t.Errorf("long string at %d: the resource is a chain of runs", longAt)
		}
		if got, err := Decode(b); err != nil || !cmp.Equal(f, got, same) {
			t.Errorf("long string at %d: not read as written: %v", longAt, err)
		}
	}
}

// uniformFile has count policies for one destination.
func uniformFile(count int, destination policy.Text) *policy.File {
	f := &policy.File{UID2: policy.ResourceFileUID, Version: 1, Header: &policy.Header{}}
	for i := range count {
		f.Policies = append(f.Policies, policy.Policy{Destination: destination, Flags: uint16(i)})
	}
	return f
}
