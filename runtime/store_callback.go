package runtime

import "sync"

// callbacks are the calls of StoreOptions.Report that are due.
// They are made one after the other, in the order in which they fell due, and
// while no lock is held: what is called may use the store.
type callbacks struct {
	mu      sync.Mutex
	due     []func()
	calling bool // a goroutine makes them until none is due
}

// add may be called with any lock held. Its caller calls run once all are
// unlocked.
func (c *callbacks) add(call func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.due = append(c.due, call)
}

// run makes the calls that are due, unless a goroutine makes them already,
// perhaps this one: that one goes on with those that came later.
func (c *callbacks) run() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.calling {
		return
	}
	c.calling = true
	defer func() { c.calling = false }() // also if a call panics
	for len(c.due) > 0 {
		next := c.due[0]
		c.due = c.due[1:]
		c.unlocked(next)
	}
}

func (c *callbacks) unlocked(call func()) {
	c.mu.Unlock()
	defer c.mu.Lock()
	call()
}
