// Package tiny is what the tests of the mutation driver mutate.
package tiny

import "sync"

// Counter counts up to a limit.
type Counter struct {
	mu sync.Mutex
	n  int
}

// Add adds one, and reports whether that is within the limit.
func (c *Counter) Add(limit int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n >= limit {
		return false
	}
	c.n++
	return true
}
