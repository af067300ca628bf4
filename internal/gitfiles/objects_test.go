package gitfiles

import (
	"strings"
	"testing"
)

func TestParseTree(t *testing.T) {
	hash := strings.Repeat("h", 20)
	whole := "40000 dir\x00" + hash + "100755 a b\x00" + hash + "120000 l\x00" + hash
	got, err := parseTree([]byte(whole), 20)
	if err != nil || len(got) != 3 || got["dir"].kind != folder || got["a b"].kind != file || got["l"].kind != link {
		t.Errorf("%v, %v", got, err)
	}
	for n := range len(whole) {
		_, err := parseTree([]byte(whole[:n]), 20)
		if complete := n == 0 || n == 30 || n == 61; complete != (err == nil) {
			t.Errorf("the first %d bytes: %v", n, err)
		}
	}
	if _, err := parseTree([]byte("nospace\x00"+hash), 20); err == nil {
		t.Error("an entry without a mode is taken")
	}
}
