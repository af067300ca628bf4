package compiler_test

import (
	"os"
	"testing"

	"ups/compiler"
)

// BenchmarkCompileBig compiles the source of 1,500 policies in the process.
func BenchmarkCompileBig(b *testing.B) {
	src, err := os.ReadFile(corpus + "/accept/big-1500.rss")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if r := compiler.Compile("big-1500.rss", src, compiler.Options{}); r.Failed() {
			b.Fatal(r.Diagnostics)
		}
	}
}
