package compiler

import (
	"fmt"
	"strings"

	"ups/policy"
)

// The names that policies.rh gives to values, for sources that are written.
var (
	authorisationNames = []string{
		"EAlwaysCheck", "ECheckPostManufacture", "ECheckUnprotectedSids", "ECheckIfFailed", "ENeverCheck",
	}
	securityNames = []string{
		"ESystemServerSecurityPassedOrFailed", "ESystemServerSecurityFailed", "ESystemServerSecurityPassed",
	}
	options    = []string{"KYes", "KNo", "KSessionYes", "KAlways", "KNever", "KSessionNo"}
	sidClasses = []string{
		"KSidClass0", "KSidClass1", "KSidClass2", "KSidClass3", "KSidClass4", "KSidClass5", "KSidClass6", "KSidClass7",
		"KSidClass8", "KSidClass9", "KSidClassA", "KSidClassB", "KSidClassC", "KSidClassD", "KSidClassE", "KSidClassF",
	}
)

// constantName gives the name of a constant of an enumeration that counts
// from 0.
func constantName(names []string, v uint32) string {
	if int(v) < len(names) {
		return names[v]
	}
	return fmt.Sprint(v)
}

// bitNames writes a set of bits by their names, and any others as a number.
func bitNames(names []string, v uint32) string {
	var parts []string
	for i, name := range names {
		if v>>i&1 != 0 {
			parts = append(parts, name)
		}
	}
	if rest := v &^ (1<<len(names) - 1); rest != 0 || v == 0 {
		parts = append(parts, fmt.Sprintf("%#x", rest))
	}
	return strings.Join(parts, "|")
}

func optionNames(o policy.Options) string { return bitNames(options, uint32(o)) }

func classNames(c policy.SIDClasses) string {
	switch c {
	case policy.AllSIDs:
		return "KAllSids"
	case policy.ProtectedSIDs:
		return "KProtectedSids"
	case policy.UnprotectedSIDs:
		return "KUnprotectedSids"
	}
	return bitNames(sidClasses, uint32(c))
}
