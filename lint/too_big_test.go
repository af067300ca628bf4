package lint_test

import (
	"fmt"
	"strings"
	"testing"

	"ups/lint"
)

// A list that is too big to compile is looked at all the same, so that what
// makes it too big can be found.
func TestTooBigToCompile(t *testing.T) {
	var b strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&b, "POLICY { destination = \"+44770090%04d\"; options = KYes|KNo|KNever; },\n", i%2999)
	}
	in := input(file{"ups_00000001_00000002.rss", []byte(list("", b.String()+"POLICY { options = KYes|KNo; }"))})
	codes := map[string]int{}
	for _, f := range runAll([]*lint.Input{in}, nil) {
		codes[f.Code]++
	}
	if codes["file-too-big"] != 1 || codes["unreachable"] != 1 {
		t.Errorf("found %v", codes)
	}
}
