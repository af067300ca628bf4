//go:build !race

package sqlite_test

// How much the slow tests do by default.
const (
	defaultDamages = 100
	defaultKills   = 25
	defaultChecks  = "50" // runs of the model
)
