package main

import "ups/policy"

// A decider gives the place of the policy that decides one request, -1 if none
// does. Deciding is all that is measured.
type decider func() (int, error)

// An engine brings a request into the form that it is asked in. That isn't
// measured, which is in favour of the engines that have a form of their own.
type engine func(request) (decider, error)

// entrant is a row of the table.
type entrant struct {
	name  string
	build func(*policy.File) (engine, error)
	slow  bool // has a high price for each policy: the test asks it less
}

// ours is the name of what the others are compared with.
const ours = "ups"

// entrants gives all engines, in the order of the table.
func entrants() []entrant {
	return []entrant{
		{ours, newUPS, false},
		{"loop, prepared", newLoop, false},
		{"loop, the law", newLaw, false},
		{"opa, else", newOPAElse, false},
		{"opa, set", newOPASet, false},
		{"opa, data", newOPAData, true},
		{"cedar-go", newCedar, true},
		{"casbin, allow", newCasbinAllow, true},
		{"casbin, priority", newCasbinPriority, true},
	}
}
