//go:build !race

package lint

// slowness divides the sizes of the tests that generate lists.
const slowness = 1
