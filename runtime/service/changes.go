package service

import (
	"sync"
	"sync/atomic"
)

// changes counts the changes of something, and lets others wait for the next.
// The zero value is ready for use.
type changes struct {
	count  atomic.Uint64
	mu     sync.Mutex
	waited chan struct{} // closed with the next change; nil if nobody waits
}

// version returns a number that differs after each change.
func (c *changes) version() uint64 { return c.count.Load() }

// next returns a channel that is closed with the next change. A change that
// comes before next returns is seen by a version that is read later.
func (c *changes) next() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.waited == nil {
		c.waited = make(chan struct{})
	}
	return c.waited
}

func (c *changes) change() {
	c.count.Add(1)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.waited != nil {
		close(c.waited)
		c.waited = nil
	}
}
