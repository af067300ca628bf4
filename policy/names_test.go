package policy

import (
	"fmt"
	"testing"
)

func TestNames(t *testing.T) {
	for _, test := range []struct {
		value fmt.Stringer
		want  string
	}{
		{Options(0), "0x0"}, {Yes, "KYes"}, {Yes | No, "KYes|KNo"}, {Options(0x40), "0x40"}, {Never | 0x80, "KNever|0x80"},
		{AllOptions, "KYes|KNo|KSessionYes|KAlways|KNever|KSessionNo"},
		{SIDClasses(0), "0x0"}, {AllSIDs, "KAllSids"}, {ProtectedSIDs, "KProtectedSids"}, {UnprotectedSIDs, "KUnprotectedSids"},
		{SIDClasses(0x8001), "KSidClass0|KSidClassF"}, {SIDClasses(0x30100), "KSidClass8|0x30000"}, {ProtectedSIDs | 1<<16,
			"KSidClass0|KSidClass1|KSidClass2|KSidClass3|KSidClass4|KSidClass5|KSidClass6|KSidClass7|0x10000"},
		{AlwaysCheck, "EAlwaysCheck"}, {CheckPostManufacture, "ECheckPostManufacture"},
		{CheckUnprotectedSIDs, "ECheckUnprotectedSids"}, {CheckIfFailed, "ECheckIfFailed"}, {NeverCheck, "ENeverCheck"},
		{AuthorisationPolicy(5), "5"}, {AuthorisationPolicy(255), "255"},
		{PassedOrFailed, "ESystemServerSecurityPassedOrFailed"}, {Failed, "ESystemServerSecurityFailed"},
		{Passed, "ESystemServerSecurityPassed"}, {Security(3), "3"},
	} {
		if got := test.value.String(); got != test.want {
			t.Errorf("%s, want %s", got, test.want)
		}
	}
}

// Each bit has the name of its own class.
func TestSIDClassNames(t *testing.T) {
	for class := range 16 {
		if got, want := SIDClasses(1<<class).String(), fmt.Sprintf("KSidClass%X", class); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestWords(t *testing.T) {
	for options, want := range map[Options]string{
		0: "", Yes | No: "Yes, No", AllOptions: "Yes, No, Session Yes, Session No, Always, Never", Never | 0x80: "Never",
	} {
		if got := options.Words(); got != want {
			t.Errorf("%s: %q, want %q", options, got, want)
		}
	}
}
