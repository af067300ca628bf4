package lint

import (
	"cmp"
	"slices"
)

// Rules returns all rules, sorted by id. The list is the caller's own.
func Rules() []*Rule {
	rules := slices.Concat(
		[]*Rule{catchAllRule, ignoreReasonRule, ignoreUnknownRule, ignoreUnusedRule, lookAlikeRule, notDecidedRule, unreachableRule},
		conflictRules, fieldRules, fileRules, optionRules, patternRules, reachRules, sourceRules, versionRules,
	)
	slices.SortFunc(rules, func(a, b *Rule) int { return cmp.Compare(a.ID, b.ID) })
	return rules
}

// RuleByID returns the rule of that id, or nil.
func RuleByID(id string) *Rule {
	for _, r := range Rules() {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// RuleIDs returns the ids of all rules, sorted.
func RuleIDs() []string {
	var ids []string
	for _, r := range Rules() {
		ids = append(ids, r.ID)
	}
	return ids
}
