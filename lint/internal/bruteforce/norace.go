//go:build !race

package bruteforce

// Slowness divides the sizes of the tests that generate lists.
const Slowness = 1
