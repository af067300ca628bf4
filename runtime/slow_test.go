//go:build !race

package runtime

// How the tests measure, and how much the slow ones do.
const (
	raced     = false
	slowness  = 1  // multiplies limits of time
	modelRuns = 40 // random plays of the model; each has 100 requests
)
