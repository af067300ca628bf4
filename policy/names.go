package policy

import (
	"fmt"
	"strings"
)

// Names gives the options by their names in policies.rh, as a source would
// have them. Bits without a name are added up as a number, as is no option.
func (o Options) Names() string {
	names := []string{"KYes", "KNo", "KSessionYes", "KAlways", "KNever", "KSessionNo"}
	var parts []string
	for bit, name := range names {
		if o>>bit&1 != 0 {
			parts = append(parts, name)
		}
	}
	if rest := o &^ AllOptions; rest != 0 || o == 0 {
		parts = append(parts, fmt.Sprintf("%#x", uint32(rest)))
	}
	return strings.Join(parts, "|")
}

// Name gives the name in policies.rh, or the number of a value that has none.
func (a AuthorisationPolicy) Name() string {
	names := []string{"EAlwaysCheck", "ECheckPostManufacture", "ECheckUnprotectedSids", "ECheckIfFailed", "ENeverCheck"}
	if int(a) < len(names) {
		return names[a]
	}
	return fmt.Sprint(uint8(a))
}
