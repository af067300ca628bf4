package policy

import (
	"fmt"
	"strings"
)

// The names of the values in policies.rh, in the order of their bits or numbers.
var (
	OptionNames   = []string{"KYes", "KNo", "KSessionYes", "KAlways", "KNever", "KSessionNo"}
	SIDClassNames = []string{
		"KSidClass0", "KSidClass1", "KSidClass2", "KSidClass3", "KSidClass4", "KSidClass5", "KSidClass6", "KSidClass7",
		"KSidClass8", "KSidClass9", "KSidClassA", "KSidClassB", "KSidClassC", "KSidClassD", "KSidClassE", "KSidClassF",
	}
	AuthorisationPolicyNames = []string{
		"EAlwaysCheck", "ECheckPostManufacture", "ECheckUnprotectedSids", "ECheckIfFailed", "ENeverCheck",
	}
	SecurityNames = []string{
		"ESystemServerSecurityPassedOrFailed", "ESystemServerSecurityFailed", "ESystemServerSecurityPassed",
	}
)

// String returns the options as a source has them, such as "KYes|KNo". Bits
// without a name are added up as a number, as is no option.
func (o Options) String() string { return bitNames(OptionNames, uint32(o)) }

// Words returns the options as the buttons of a prompt, such as "Yes, No".
func (o Options) Words() string {
	var words []string
	for _, button := range []struct {
		option Options
		word   string
	}{{Yes, "Yes"}, {No, "No"}, {SessionYes, "Session Yes"}, {SessionNo, "Session No"}, {Always, "Always"}, {Never, "Never"}} {
		if o&button.option != 0 {
			words = append(words, button.word)
		}
	}
	return strings.Join(words, ", ")
}

// String returns the classes as a source has them, such as "KProtectedSids".
func (c SIDClasses) String() string {
	switch c {
	case AllSIDs:
		return "KAllSids"
	case ProtectedSIDs:
		return "KProtectedSids"
	case UnprotectedSIDs:
		return "KUnprotectedSids"
	}
	return bitNames(SIDClassNames, uint32(c))
}

// String returns the name in policies.rh, or the number of a value that has none.
func (a AuthorisationPolicy) String() string { return constantName(AuthorisationPolicyNames, uint8(a)) }

// String returns the name in policies.rh, or the number of a value that has none.
func (s Security) String() string { return constantName(SecurityNames, uint8(s)) }

func constantName(names []string, value uint8) string {
	if int(value) < len(names) {
		return names[value]
	}
	return fmt.Sprint(value)
}

// bitNames writes a set of bits by their names, and any others as a number.
func bitNames(names []string, bits uint32) string {
	var parts []string
	for bit, name := range names {
		if bits>>bit&1 != 0 {
			parts = append(parts, name)
		}
	}
	if rest := bits &^ (1<<len(names) - 1); rest != 0 || bits == 0 {
		parts = append(parts, fmt.Sprintf("%#x", rest))
	}
	return strings.Join(parts, "|")
}
