package main

import (
	"fmt"
	"testing"
)

func BenchmarkDecide(b *testing.B) {
	for _, policies := range sizes {
		w := newWorkload(seed, policies)
		for _, s := range w.sets() {
			for _, e := range append([]entrant{floor}, entrants()...) {
				deciders, err := prepare(e, w.file, s.requests)
				if err != nil {
					b.Fatal(err)
				}
				b.Run(fmt.Sprintf("%d/%s/%s", policies, s.name, e.name), func(b *testing.B) { decideAll(b, deciders) })
			}
		}
	}
}

func decideAll(b *testing.B, deciders []decider) {
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := deciders[i%len(deciders)](); err != nil {
			b.Fatal(err)
		}
	}
}
