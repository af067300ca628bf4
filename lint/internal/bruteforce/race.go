//go:build race

package bruteforce

// Slowness divides the sizes of the tests that generate lists: the race
// detector makes them ten times as slow, and they run on one goroutine.
const Slowness = 10
