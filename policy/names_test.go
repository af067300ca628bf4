package policy

import "testing"

func TestOptionNames(t *testing.T) {
	for o, want := range map[Options]string{
		0: "0x0", Yes: "KYes", Yes | No: "KYes|KNo", 0x40: "0x40", Never | 0x80: "KNever|0x80",
		AllOptions: "KYes|KNo|KSessionYes|KAlways|KNever|KSessionNo",
	} {
		if got := o.Names(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestAuthorisationPolicyNames(t *testing.T) {
	for a, want := range map[AuthorisationPolicy]string{
		AlwaysCheck: "EAlwaysCheck", CheckPostManufacture: "ECheckPostManufacture",
		CheckUnprotectedSIDs: "ECheckUnprotectedSids", CheckIfFailed: "ECheckIfFailed", NeverCheck: "ENeverCheck", 5: "5", 255: "255",
	} {
		if got := a.Name(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
