package lint

import (
	"cmp"
	"slices"
)

// Rules gives all rules, sorted by id. The list is the caller's own.
func Rules() []*Rule {
	rules := []*Rule{
		catchAllRule,
		charsetMissingRule,
		classesIgnoredRule,
		destinationEmptyRule,
		enumForeignRule,
		fieldTwiceRule,
		fileNameRule,
		fileRepeatedRule,
		ignoreReasonRule,
		ignoreUnknownRule,
		ignoreUnusedRule,
		irregularRule,
		lastingUnprotectedRule,
		leadingZeroRule,
		lookAlikeRule,
		macroRedefinedRule,
		neverAskedRule,
		neverMissingRule,
		noMissingRule,
		notDecidedRule,
		optionMootRule,
		orPrecedenceRule,
		orderRule,
		policiesMissingRule,
		redundantRule,
		reservedSetRule,
		respelledRule,
		semicolonUnneededRule,
		sessionNoRule,
		shadowedRule,
		sidRepeatedRule,
		silentAcceptRule,
		silentRejectRule,
		starRepeatedRule,
		surrogateHalfRule,
		uid3MissingRule,
		uid3SharedRule,
		uidTwiceRule,
		uncasedRule,
		uncoveredRule,
		unreachableRule,
		versionKeptRule,
		versionRaisedRule,
		warningDirectiveRule,
		wildcardInExactRule,
	}
	slices.SortFunc(rules, func(a, b *Rule) int { return cmp.Compare(a.ID, b.ID) })
	return rules
}

// RuleByID gives the rule of that id, or nil.
func RuleByID(id string) *Rule {
	for _, r := range Rules() {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// RuleIDs gives the ids of all rules, sorted.
func RuleIDs() []string {
	var ids []string
	for _, r := range Rules() {
		ids = append(ids, r.ID)
	}
	return ids
}
