package server

import "sync"

// IdentitiesChanged is for when Options.Identify says something else than before. It
// takes effect for calls at once; whom it doesn't let be a plug-in any more, is
// detached now.
func (s *Server) IdentitiesChanged() { s.identities.note() }

// changes tell those who wait of a change.
type changes struct {
	mu      sync.Mutex
	waiting chan struct{} // closed at the next change; nil if nobody waits
}

// next returns what is closed at the next change.
func (c *changes) next() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.waiting == nil {
		c.waiting = make(chan struct{})
	}
	return c.waiting
}

func (c *changes) note() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.waiting != nil {
		close(c.waiting)
		c.waiting = nil
	}
}
