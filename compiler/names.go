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
	options = []string{"KYes", "KNo", "KSessionYes", "KAlways", "KNever", "KSessionNo"}
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
	names := make([]string, 16)
	for i := range names {
		names[i] = fmt.Sprintf("KSidClass%X", i)
	}
	return bitNames(names, uint32(c))
}
