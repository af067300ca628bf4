// Package compiled reads the compiled files that commands are given.
package compiled

import (
	"bytes"
	"unicode/utf8"

	"ups/cmd/ups/internal/console"
	"ups/internal/rsc"
	"ups/policy"
)

// MaxSize is the most that is read of a compiled file. The format ends at
// 64 KiB (docs/compiled-format.md, Container); what is larger is read so far that the decoder
// can say what is wrong with it.
const MaxSize = 1 << 20

// Decode reads a compiled file.
func Decode(name string, b []byte) (*policy.File, error) {
	file, err := rsc.Decode(b)
	if err != nil {
		return nil, console.Input(console.Hint(console.Named(name, err), Hint(b)))
	}
	return file, nil
}

// Hint says what to do with a file that can't be decoded, if it looks
// like a source.
func Hint(b []byte) string {
	if len(b) == 0 || rsc.IsCompiled(b) || !utf8.Valid(b) || bytes.IndexByte(b, 0) >= 0 {
		return ""
	}
	return "this is text: ups compile makes a compiled file of a source, whose name ends in .rss"
}
