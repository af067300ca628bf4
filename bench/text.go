package main

import (
	"fmt"
	"strings"

	"ups/policy"
)

// sidText gives ten characters: the class of the SID is the third.
func sidText(sid uint32) string { return fmt.Sprintf("0x%08x", sid) }

func securityText(passed bool) string {
	if passed {
		return "passed"
	}
	return "failed"
}

// classDigits gives the top digit of the SIDs of each class.
func classDigits(c policy.SIDClasses) string {
	var b strings.Builder
	for class := range uint32(16) {
		if c.Has(class << 28) {
			fmt.Fprintf(&b, "%x", class)
		}
	}
	return b.String()
}

// join lists what write makes of the items.
func join[T any](items []T, write func(T) string) string {
	written := make([]string, len(items))
	for i, item := range items {
		written[i] = write(item)
	}
	return strings.Join(written, ", ")
}
