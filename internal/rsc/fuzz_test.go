package rsc

import "testing"

// seeds are the compiled files of the corpus and two of the tables here. The
// full-size one is left out: the engine would spend its time on making it
// smaller, and it says nothing that the others don't.
func seeds(tb testing.TB) [][]byte {
	list := [][]byte{encoded(tb, sample()), encoded(tb, uniformFile(0, nil))}
	files := corpus(tb)
	delete(files, "big-1500")
	for _, b := range files {
		list = append(list, b)
	}
	return list
}

func TestSeeds(t *testing.T) {
	if n := len(seeds(t)); n != 284 {
		t.Errorf("%d seeds, want 284", n)
	}
}

// FuzzDecode repairs the checksum of what it is given, so that the search
// gets past it. Run with -fuzzminimizetime=100x: by default the engine spends
// most of a short run on making inputs smaller.
func FuzzDecode(f *testing.F) {
	for _, b := range seeds(f) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		checkDecode(t, b)
		if len(b) >= offsetFlags {
			b = append([]byte(nil), b...)
			little.PutUint32(b, uid1)
			little.PutUint32(b[offsetChecksum:], uidChecksum(b[:offsetChecksum]))
			checkDecode(t, b)
		}
	})
}
