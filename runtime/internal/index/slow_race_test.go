//go:build race

package index

// The race detector makes code some ten times as slow, and allocates itself.
const (
	raced    = true
	slowness = 10
)
