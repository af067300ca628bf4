package main

import (
	"fmt"
	"strconv"
	"strings"

	"ups/policy"
)

// The others know no classes of SIDs, and casbin no numbers.

// sidText returns ten characters: the class of the SID is the third.
func sidText(sid uint32) string { return fmt.Sprintf("0x%08x", sid) }

// classText is the top digit of a SID.
func classText(sid uint32) string { return strconv.FormatUint(uint64(sid>>28), 16) }

func securityText(passed bool) string {
	if passed {
		return "passed"
	}
	return "failed"
}

// classTexts returns those of all SIDs that c has.
func classTexts(c policy.SIDClasses) (list []string) {
	for class := range uint32(16) {
		if c.Has(class << 28) {
			list = append(list, classText(class<<28))
		}
	}
	return list
}

// join lists what write returns for each item.
func join[T any](items []T, write func(T) string) string {
	written := make([]string, len(items))
	for i, item := range items {
		written[i] = write(item)
	}
	return strings.Join(written, ", ")
}

func decimal(sid uint32) string { return strconv.FormatUint(uint64(sid), 10) }
