package main

import (
	"slices"

	"ups/policy"
)

// request is what a client sends. The destination is ASCII: beyond it only
// this project folds as the device does.
type request struct {
	sid         uint32
	passed      bool
	destination string // in any case
}

// An engine returns the index of the policy that decides a request, -1 if none
// matches. It brings the request into its own form itself: folded, as a
// record, as terms.
type engine func(request) (int, error)

// row is a row of the table.
type row struct {
	name  string
	build func(*policy.File) (engine, error)
	slow  bool // visits each policy at a high price, and is asked less
}

// upsName is the row that the others are compared with.
const upsName = "ups"

// rows returns all rows, in the order of the table. The floor, which decides
// nothing, is the first.
func rows() []row {
	return slices.Concat([]row{
		{"floor", newFloor, false},
		{upsName, newUPS, false},
		{"loop, prepared", newLoop, false},
		{"loop, the definition", newDefinition, false},
	}, nativeRows(), []row{
		{"opa, else", newOPAElse, false},
		{"opa, set", newOPASet, false},
		{"opa, data", newOPAData, true},
		{"cedar-go", newCedar, true},
		{"casbin, allow", newCasbinAllow, true},
		{"casbin, priority", newCasbinPriority, true},
	})
}
