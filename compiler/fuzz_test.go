package compiler_test

import (
	"bytes"
	"os"
	"testing"

	"ups/compiler"
	"ups/grammar"
	"ups/internal/rsc"
)

// Whatever compiles, written as a source, compiles to the same bytes.
func FuzzCompile(f *testing.F) {
	for part, n := range map[string]int{"accept": 72, "random": 200, "unchecked": 11, "reject": 48} {
		for _, path := range sources(f, part, n) {
			src, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(src)
		}
	}
	opt := compiler.Options{NoCheck: true, Options: grammar.Options{Files: nothing{}}}
	f.Fuzz(func(t *testing.T, src []byte) {
		first := compiler.Compile("a.rss", src, opt)
		if first.Failed() != (first.Bytes == nil) {
			t.Fatalf("failed %v, %d bytes", first.Failed(), len(first.Bytes))
		}
		if first.Failed() || first.File.Header == nil {
			return
		}
		decoded, err := rsc.Decode(first.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		source, err := compiler.Source(decoded)
		if err != nil {
			t.Fatal(err)
		}
		again := compiler.Compile("b.rss", source, opt)
		if !bytes.Equal(first.Bytes, again.Bytes) {
			t.Errorf("%s\nwritten as\n%s\n%v", src, source, errorsOf(again.Diagnostics))
		}
	})
}

// nothing is a file system without files.
type nothing struct{}

func (nothing) ReadFile(string, int64) ([]byte, error) { return nil, os.ErrNotExist }
