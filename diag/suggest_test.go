package diag_test

import (
	"strings"
	"testing"

	"ups/diag"
)

func TestDidYouMean(t *testing.T) {
	names := []string{"options", "destination", "flags", "KYes", "KNo", strings.Repeat("x", 70)}
	tests := []struct{ word, want string }{
		{"option", "options"},
		{"optoins", "options"}, // neighbours swapped count once
		{"OPTIONS", "options"}, // case alone is nearest
		{"detsinaton", "destination"},
		{"destin", ""}, // 3 and more are too far
		{"KYse", "KYes"},
		{"K", ""},    // a short word is near everything
		{"KFoo", ""}, // half of it is another word's
		{"KN", "KNo"},
		{"flags", ""},                 // itself
		{strings.Repeat("x", 69), ""}, // nobody types that
		{"", ""},
	}
	for _, test := range tests {
		want := test.want
		if want != "" {
			want = "did you mean " + want + "?"
		}
		if got, ok := diag.Meant(want); got != test.want || ok != (want != "") {
			t.Errorf("%q means %q, %v", want, got, ok)
		}
		if got := diag.DidYouMean(test.word, names); got != want {
			t.Errorf("%q: %q, want %q", test.word, got, want)
		}
	}
}
