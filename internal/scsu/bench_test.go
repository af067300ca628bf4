package scsu

import (
	"strings"
	"testing"
)

// benchmarks are destinations as policies have them, at full length.
var benchmarks = map[string][]uint16{
	"ASCII":    text(strings.Repeat("*.example.com/", 18)),
	"Cyrillic": text(strings.Repeat("*.пример.рф/", 21)),
	"Chinese":  text(strings.Repeat("例子.中国/*", 31)),
}

func BenchmarkEncode(b *testing.B) {
	for name, units := range benchmarks {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(2 * len(units)))
			var packed []byte
			for b.Loop() {
				packed = AppendEncode(packed[:0], units)
			}
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	for name, units := range benchmarks {
		b.Run(name, func(b *testing.B) {
			packed := encode(units)
			b.ReportAllocs()
			b.SetBytes(int64(2 * len(units)))
			for b.Loop() {
				var err error
				if units, err = AppendDecode(units[:0], packed, 255); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
