//go:build race

package runtime

// The race detector makes code some ten times as slow, allocates itself, and
// lets pools forget at random: allocations are not counted with it.
const (
	raced    = true
	slowness = 10
)
