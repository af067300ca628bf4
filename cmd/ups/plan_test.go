package main

import (
	"strings"
	"testing"

	"ups/cmd/ups/internal/console"
)

// TestOutputsClaimEachFileOnce has two uses for one file, for each pair that
// there can be; both are named, and what is for nothing claims nothing.
func TestOutputsClaimEachFileOnce(t *testing.T) {
	dir := t.TempDir()
	writeSource(t, dir+"/a.rss", source(1))
	tests := []struct{ args, want string }{
		{"-o x --rsg x a.rss", "x can't be both the output of a.rss and the header of --rsg"},
		{"-o x --rsg ./x a.rss", "./x can't be both the output of a.rss and the header of --rsg"},
		{"-o x --depfile x a.rss", "x can't be both the output of a.rss and the file of --depfile"},
		{"-o x --rsg y --depfile y a.rss", "y can't be both the header of --rsg and the file of --depfile"},
		{"-o a.rss a.rss", "a.rss can't be both the source a.rss and the output of a.rss"},
		{"-o x --rsg a.rss a.rss", "a.rss can't be both the source a.rss and the header of --rsg"},
		{"-o x --depfile a.rss a.rss", "a.rss can't be both the source a.rss and the file of --depfile"},
		{"--format json -o - a.rss", "standard output can't be both the json and the output of a.rss"},
		{"--format json -o x --rsg - a.rss", "standard output can't be both the json and the header of --rsg"},
	}
	for _, tt := range tests {
		got := ups(t, dir, "", append([]string{"compile"}, strings.Fields(tt.args)...)...)
		if got.status != console.StatusFailed || !strings.Contains(got.stderr, tt.want+"; nothing was written") {
			t.Errorf("%s: status %d, %s", tt.args, got.status, got.stderr)
		}
	}
}
