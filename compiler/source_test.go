package compiler_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ups/compiler"
	"ups/internal/rsc"
)

// undumpable are the compiled files of the corpus that no reader can take
// apart: without a header, it isn't known where the policies begin.
var undumpable = map[string]bool{"header-missing.rsc": true, "resource-empty.rsc": true}

func TestSourceCompilesToTheSameBytes(t *testing.T) {
	paths, _ := filepath.Glob(filepath.Join(corpus, "*", "*.rsc"))
	if len(paths) != 72+200+11 {
		t.Fatalf("%d compiled files", len(paths))
	}
	for _, path := range paths {
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, err := rsc.Decode(want)
		if undumpable[filepath.Base(path)] {
			if err == nil {
				t.Errorf("%s: decoded without a header", path)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		source, err := compiler.Source(f)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		r := compiler.Compile("dump.rss", source, compiler.Options{NoCheck: strings.Contains(path, "unchecked")})
		if r.Failed() || !bytes.Equal(r.Bytes, want) {
			t.Errorf("%s: its source compiles to something else: %v\n%s", path, errorsOf(r.Diagnostics), source)
		}
	}
}
