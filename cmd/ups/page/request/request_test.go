package request

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
	"regexp"
	"strings"
	"testing"

	"ups/cmd/ups/page/wasm"
)

var module = regexp.MustCompile(`(?s)<script type="application/octet-stream;base64" id="ups-module">(.*?)</script>\s*$`)

// TestTail holds that the module is the last of the page, whole, and that no
// script ends before its end.
func TestTail(t *testing.T) {
	for name, content := range map[string][]byte{"decide": wasm.Decide, "play": wasm.Play} {
		tail := string(Parts() + Tail(content))
		if n := strings.Count(tail, "</script"); n != 2 {
			t.Errorf("%s: %d ends of scripts", name, n)
		}
		text := module.FindStringSubmatch(tail)
		if text == nil {
			t.Fatalf("%s: the module isn't last", name)
		}
		packed, err := base64.StdEncoding.DecodeString(text[1])
		if err != nil {
			t.Fatal(err)
		}
		r, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			t.Fatal(err)
		}
		unpacked, err := io.ReadAll(r)
		if err != nil || !bytes.HasPrefix(unpacked, []byte("\x00asm\x01\x00\x00\x00")) {
			t.Errorf("%s: %d bytes that are no module, %v", name, len(unpacked), err)
		}
	}
}

// maxModule is what a module may have, compressed.
const maxModule = 2_000_000

func TestModulesAreSmall(t *testing.T) {
	if n := len(wasm.Play); n > maxModule {
		t.Errorf("play: %d bytes, more than %d", n, maxModule)
	}
	if n := len(wasm.Decide); n > maxModule/2 {
		t.Errorf("decide: %d bytes, more than %d", n, maxModule/2)
	}
}
