//go:build race

package sqlite_test

// Under the race detector SQLite is twenty times slower.
const (
	defaultDamages = 12
	defaultKills   = 10
	defaultChecks  = "10"
)
