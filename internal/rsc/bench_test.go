package rsc

import (
	"fmt"
	"runtime"
	"testing"

	"ups/policy"
)

// fullSize is a file near the limit of 65,535 bytes: 1,500 policies with a SID
// and a destination each, which is stored compressed.
func fullSize(tb testing.TB) (*policy.File, []byte) {
	tb.Helper()
	f := uniformFile(1500, nil)
	for i := range f.Policies {
		p := &f.Policies[i]
		p.SIDs = []uint32{0x10000000 + uint32(i)}
		p.Destination = policy.NewText(fmt.Sprintf("*%04d", i))
	}
	for i := range 60 {
		f.Policies[i].SIDs = append(f.Policies[i].SIDs, 1, 2, 3)
	}
	b := encoded(tb, f)
	if len(b) < 55000 || b[offsetBits] != bitCompressed {
		tb.Fatalf("only %d bytes", len(b))
	}
	return f, b
}

// An allocation for the file, the header, the policies, all SIDs and all
// destinations; the plain layout and the units of a run.
func TestDecodeAllocations(t *testing.T) {
	_, b := fullSize(t)
	if n := testing.AllocsPerRun(10, func() { decodeAgain(t, b) }); n > 12 {
		t.Errorf("%v allocations, want 12 at most", n)
	}
}

func decodeAgain(tb testing.TB, b []byte) {
	if _, err := Decode(b); err != nil {
		tb.Fatal(err)
	}
}

// Counts and sizes in a short file must not make the decoder take memory for
// them.
func TestDecodeTakesMemoryInProportion(t *testing.T) {
	plain := plainSample(t)
	plain[19], plain[20] = 0xFF, 0xFF // number of policies
	b := chained(t, 0xFFFF, []byte{0, 21}, plain)
	const runs = 100
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range runs {
		if _, err := Decode(b); err == nil {
			t.Fatal("accepted")
		}
	}
	runtime.ReadMemStats(&after)
	if got := (after.TotalAlloc - before.TotalAlloc) / runs; got == 0 || got > 2000 {
		t.Errorf("%d bytes for a file of %d", got, len(b))
	}
}

func BenchmarkDecodeFullSize(b *testing.B) {
	_, file := fullSize(b)
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(file); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncodeFullSize(b *testing.B) {
	f, file := fullSize(b)
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Encode(f); err != nil {
			b.Fatal(err)
		}
	}
}

// The most work for the drop rule: every run is dropped, the last one first.
func BenchmarkEncodeAllDropped(b *testing.B) {
	f := uniformFile(2100, policy.NewText("*"))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Encode(f); err != nil {
			b.Fatal(err)
		}
	}
}
