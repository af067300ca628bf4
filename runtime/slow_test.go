//go:build !race

package runtime

// How the tests measure.
const (
	raced    = false
	slowness = 1 // multiplies limits of time
)
