package wildcard

import (
	"slices"
	"testing"
)

func TestRegularText(t *testing.T) {
	tests := []struct {
		text string
		want bool
	}{
		{``, true}, {`plain *?`, true}, {`\u00E9`, true}, {`e\u0301`, true}, {`e\u0323\u0301`, true},
		{`\u1EB9\u0301`, true}, {`\uAC00\u1100`, true}, {`\uFDD0`, true}, {`\u1FB3`, true}, {`a\u0903\u0323`, true},
		{`\u0301`, false}, {`e\u0301\u0323`, false}, {`\u00E9\u0323`, false}, {`a\u0345`, false},
		{`\uD800`, false}, {`\U00010400`, false}, {`a\uFFFE`, false}, {`a\uFFFF`, false}, {`a\uDC00`, false},
	}
	for _, test := range tests {
		if got := RegularText(units(t, test.text)); got != test.want {
			t.Errorf("RegularText(%s) = %t", test.text, got)
		}
	}
}

func TestTroubles(t *testing.T) {
	tests := []struct {
		pattern string
		want    []Trouble
	}{
		{``, nil},
		{`http://*.example.com/?`, nil},
		{`caf\u00E9*e\u0301?`, nil},
		{`\u0301a`, []Trouble{{LeadingMark, 0, 1}}},
		{`a*\u0301\u0323`, []Trouble{{LeadingMark, 2, 1}, {MarkOrder, 3, 1}}},
		{`?\u0345`, []Trouble{{LeadingMark, 1, 1}, {LoneIota, 1, 1}}},
		{`a\u0345`, []Trouble{{LoneIota, 1, 1}}},
		{`\u00E9\u0323b`, []Trouble{{MarkOrder, 1, 1}}},
		{`e\u0301?\u0323`, []Trouble{{LeadingMark, 3, 1}}},
		{`a\uD800*\uDC00`, []Trouble{{UnpairedSurrogate, 1, 1}, {UnpairedSurrogate, 3, 1}}},
		{`\uFFFEa\uFFFF`, []Trouble{{Ignored, 0, 1}, {Ignored, 2, 1}}},
		{`\U0001FFFE`, []Trouble{{Ignored, 0, 2}}},
		{`\U00010400*\U00010400`, []Trouble{{Supplementary, 0, 2}, {TailSupplementary, 3, 2}}},
		{`\U00010400`, []Trouble{{TailSupplementary, 0, 2}}},
		{`a\uFDD0`, []Trouble{{NonCharacter, 1, 1}}},
		{`stra\u1E9Ee`, []Trouble{{CaseNewerThanDevice, 4, 1}}},
		{`\u10D0\u1C90`, []Trouble{{CaseNewerThanDevice, 1, 1}}},
		{`\U000104B0*`, []Trouble{{Supplementary, 0, 2}, {CaseNewerThanDevice, 0, 2}}},
	}
	for _, test := range tests {
		if got := Troubles(units(t, test.pattern)); !slices.Equal(got, test.want) {
			t.Errorf("Troubles(%s) = %v, want %v", test.pattern, got, test.want)
		}
	}
}

func TestTroubleKindsAreDescribed(t *testing.T) {
	seen := map[string]bool{}
	for k := LeadingMark; k <= CaseNewerThanDevice; k++ {
		seen[k.String()] = true
	}
	if len(seen) != int(CaseNewerThanDevice)+1 || seen[""] {
		t.Errorf("descriptions are missing or repeated: %v", seen)
	}
	if got := (CaseNewerThanDevice + 1).String(); got != "TroubleKind(9)" {
		t.Errorf("an unknown kind is %q", got)
	}
}
