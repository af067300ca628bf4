package main

import (
	"fmt"
	"testing"
)

func BenchmarkDecide(b *testing.B) {
	for _, m := range mixes() {
		for _, policies := range sizes {
			w := newWorkload(m, seed, policies)
			for _, r := range rows() {
				b.Run(fmt.Sprintf("%s/%d/%s", m.name, policies, r.name), func(b *testing.B) { decideAll(b, r, w) })
			}
		}
	}
}

func decideAll(b *testing.B, r row, w workload) {
	c, err := newCell(r, w)
	if err != nil {
		b.Fatal(err)
	}
	requests := c.batches[0]
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := c.engine(requests[i%len(requests)]); err != nil {
			b.Fatal(err)
		}
	}
}
