package compiler_test

import (
	"fmt"
	"testing"

	"ups/compiler"
)

// A resource has as id the offset that NAME stands for, above twelve bits, and its
// place; ABCD is 21,226 in the base of 27; without NAME the offset is 0, and the id in decimal.
func TestRSG(t *testing.T) {
	const text = "%s#include <ups/policies.rh>\nUID2 KUidUpsPolicyResourceFile\nUID3 1\nRESOURCE POLICIES r_dial { " +
		"header = POLICY_HEADER { dialogcreator = 1; }; policies = { POLICY { options = KYes|KNo; } }; }\n"
	for name, want := range map[string]string{
		"":            "#define R_DIAL                                    1\n",
		"NAME A\n":    "#define R_DIAL                                    0x1001\n",
		"NAME ABCD\n": "#define R_DIAL                                    0x52ea001\n",
	} {
		r := compiler.Compile("x.rss", fmt.Appendf(nil, text, name), compiler.Options{})
		if r.Failed() || string(r.RSG()) != want {
			t.Errorf("%q: %q, want %q; %v", name, r.RSG(), want, r.Diagnostics)
		}
	}
}
