package rsc

import "testing"

// seeds are all compiled files of the corpus and those of the tables here.
func seeds(tb testing.TB) [][]byte {
	list := [][]byte{encoded(tb, sample()), encoded(tb, uniformFile(0, nil))}
	for _, b := range corpus(tb) {
		list = append(list, b)
	}
	return list
}

func TestSeeds(t *testing.T) {
	if n := len(seeds(t)); n != 285 {
		t.Errorf("%d seeds, want 285", n)
	}
}

// FuzzDecode repairs the checksum of what it is given, so that the search
// gets past it.
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
