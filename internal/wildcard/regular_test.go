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

func TestAnomalies(t *testing.T) {
	tests := []struct {
		pattern string
		want    []Anomaly
	}{
		{``, nil},
		{`http://*.example.com/?`, nil},
		{`caf\u00E9*e\u0301?`, nil},
		{`\u0301a`, []Anomaly{{LeadingMark, 0, 1}}},
		{`a*\u0301\u0323`, []Anomaly{{LeadingMark, 2, 1}, {MarkOrder, 3, 1}}},
		{`?\u0345`, []Anomaly{{LeadingMark, 1, 1}, {LoneIota, 1, 1}}},
		{`a\u0345`, []Anomaly{{LoneIota, 1, 1}}},
		{`\u00E9\u0323b`, []Anomaly{{MarkOrder, 1, 1}}},
		{`e\u0301?\u0323`, []Anomaly{{LeadingMark, 3, 1}}},
		{`a\uD800*\uDC00`, []Anomaly{{UnpairedSurrogate, 1, 1}, {UnpairedSurrogate, 3, 1}}},
		{`\uFFFEa\uFFFF`, []Anomaly{{Dropped, 0, 1}, {Dropped, 2, 1}}},
		{`\U0001FFFE`, []Anomaly{{Dropped, 0, 2}}},
		{`\U00010400*\U00010400`, []Anomaly{{Supplementary, 0, 2}, {TailSupplementary, 3, 2}}},
		{`\U00010400`, []Anomaly{{TailSupplementary, 0, 2}}},
		{`a\uFDD0`, []Anomaly{{NonCharacter, 1, 1}}},
		{`stra\u1E9Ee`, []Anomaly{{CaseNewerThanDevice, 4, 1}}},
		{`\u10D0\u1C90`, []Anomaly{{CaseNewerThanDevice, 1, 1}}},
		{`\U000104B0*`, []Anomaly{{Supplementary, 0, 2}, {CaseNewerThanDevice, 0, 2}}},
	}
	for _, test := range tests {
		if got := Anomalies(units(t, test.pattern)); !slices.Equal(got, test.want) {
			t.Errorf("Anomalies(%s) = %v, want %v", test.pattern, got, test.want)
		}
	}
}

func TestAnomalyKindsAreDescribed(t *testing.T) {
	seen := map[string]bool{}
	for k := LeadingMark; k <= CaseNewerThanDevice; k++ {
		seen[k.String()] = true
	}
	if len(seen) != int(CaseNewerThanDevice)+1 || seen[""] {
		t.Errorf("descriptions are missing or repeated: %v", seen)
	}
	if got := (CaseNewerThanDevice + 1).String(); got != "AnomalyKind(9)" {
		t.Errorf("an unknown kind is %q", got)
	}
}
