package rsc

import "ups/internal/scsu"

// run is a string that may be stored compressed. It stands for the bytes from
// start to end of the plain layout, padding included. The bytes between two
// runs are the "other" ones of docs/compiled-format.md, Compressed runs.
type run struct {
	start, end int
	packed     []byte
}

// plainSize is how many bytes the run has in the plain layout.
func (r run) plainSize() int { return r.end - r.start }

// candidates compresses the strings and keeps those that become shorter than
// their UTF-16 form.
func candidates(plain []byte, strings []text) []run {
	runs := make([]run, 0, len(strings))
	packed := make([]byte, 0, len(plain)/2)
	for _, s := range strings {
		from := len(packed)
		packed = scsu.AppendEncode(packed, s.units)
		size := 2 * len(s.units)
		if len(packed)-from >= size {
			packed = packed[:from]
			continue
		}
		end := s.start + s.start%2 + size
		runs = append(runs, run{s.start, end, packed[from:]})
	}
	return runs
}

// worthwhile drops the runs that save nothing, and returns those that are left.
// It may use the memory of runs.
//
// docs/compiled-format.md starts its pass again whenever it drops a run. But offsets in
// the plain layout never change: to drop a run only lengthens the other bytes
// after the run before it, and that one alone can cost more than before. So
// it is enough to step back by one run, and the work is linear.
func worthwhile(plain []byte, runs []run) []run {
	kept := runs[:0]
	for i, r := range runs {
		kept = append(kept, r)
		next := len(plain)
		if i+1 < len(runs) {
			next = runs[i+1].start
		}
		for len(kept) > 0 && costs(kept[len(kept)-1], next) {
			kept = kept[:len(kept)-1]
		}
	}
	if !fitLengths(plain, kept) {
		return nil
	}
	return kept
}

// costs reports whether a run, with the lengths that it makes necessary, takes
// no less than its plain form. Other bytes follow up to the place next.
func costs(r run, next int) bool {
	cost := lengthSize(len(r.packed)) + len(r.packed)
	if other := next - r.end; other > 0 {
		cost += lengthSize(other)
	}
	return cost >= r.plainSize()
}
