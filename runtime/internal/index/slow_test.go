//go:build !race

package index

const (
	raced    = false
	slowness = 1 // multiplies limits of time
)
