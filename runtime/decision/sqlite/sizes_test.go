//go:build !race

package sqlite_test

// How much the slow tests do unless they are told.
const (
	defaultDamages = 100
	defaultKills   = 25
	defaultChecks  = "50" // runs of the model
)
