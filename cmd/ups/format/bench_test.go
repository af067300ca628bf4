package format

import (
	"context"
	"io"
	"testing"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/settings"
)

// BenchmarkLayOut lays out a source of 1,500 policies, with all that is proved of
// the result.
func BenchmarkLayOut(b *testing.B) {
	con := &console.Console{Stderr: io.Discard, Getenv: func(string) string { return "" }}
	f := command{con: con, settings: settings.New(con, settings.Flags{})}
	b.ReportAllocs()
	for b.Loop() {
		file := f.layOut(context.Background(), "../../../compiler/testdata/conformance/accept/big-1500.rss")
		if !file.done() || len(file.after) <= len(file.before) {
			b.Fatalf("%v, %d bytes, then %d", file.Err, len(file.before), len(file.after))
		}
	}
}
