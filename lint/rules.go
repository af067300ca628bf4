package lint

// Rules gives all rules, sorted by id. The list is the caller's own.
func Rules() []*Rule {
	return []*Rule{
		catchAllRule,
		charsetMissingRule,
		classesIgnoredRule,
		destinationEmptyRule,
		enumForeignRule,
		fieldTwiceRule,
		fileNameRule,
		fileRepeatedRule,
		idDigitsRule,
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
		uidTwiceRule,
		uid3MissingRule,
		uid3SharedRule,
		uncasedRule,
		uncoveredRule,
		unreachableRule,
		versionKeptRule,
		versionRaisedRule,
		warningDirectiveRule,
		wildcardInExactRule,
	}
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
