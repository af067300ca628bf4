package service

import (
	"context"
	"fmt"
	"sync"

	"ups/runtime"
)

// PlugIns finds the plug-ins that are installed, by their implementation UIDs.
// The service asks when it first needs one, and keeps what it gets until it
// learns that software was installed or removed (Management.PlugInsChanged).
// To find one may take as long as a call of it (Limits.Evaluate,
// Limits.Prepare), and may fail in all the same ways.
// UID 0 as a policy evaluator is never asked for: it is the built-in one.
//
// An error that wraps ErrMissingPolicyEvaluator or ErrMissingDialogCreator
// says that there is none.
type PlugIns interface {
	Evaluator(uid uint32) (EvaluatorFactory, error)
	DialogCreator(uid uint32) (DialogCreatorFactory, error)
}

// Registry is the plug-ins that a program is linked with. It must not change
// once a server has it. The zero value has none.
type Registry struct {
	Evaluators     map[uint32]EvaluatorFactory
	DialogCreators map[uint32]DialogCreatorFactory
}

// Evaluator returns ErrMissingPolicyEvaluator if there is none of that UID.
func (r Registry) Evaluator(uid uint32) (EvaluatorFactory, error) {
	if f := r.Evaluators[uid]; f != nil {
		return f, nil
	}
	return nil, runtime.ErrMissingPolicyEvaluator
}

// DialogCreator returns ErrMissingDialogCreator if there is none of that UID.
func (r Registry) DialogCreator(uid uint32) (DialogCreatorFactory, error) {
	if f := r.DialogCreators[uid]; f != nil {
		return f, nil
	}
	return nil, runtime.ErrMissingDialogCreator
}

// plugInCache keeps the factories of one kind of plug-in that were found, and
// knows which are in use.
type plugInCache[P any] struct {
	find    func(uid uint32) (factory[P], error) // of PlugIns
	missing error                                // says that there is no such plug-in
	mu      sync.Mutex
	cached  map[uint32]*cached[P]
	changes int // how often software has changed
}

// factory is an EvaluatorFactory or a DialogCreatorFactory.
type factory[P any] = func(uid uint32) (P, error)

type cached[P any] struct {
	factory factory[P]
	uses    int
	stale   bool // software has changed: it is dropped after its last use
}

// acquire returns a function that makes a plug-in; release must be called when
// the request is done with what it made. Finding the plug-in is guarded as the
// plug-in's own calls are.
func (c *plugInCache[P]) acquire(ctx context.Context, s *Server, p plugCall) (create func() (P, error), release func(), err error) {
	k, changes := c.lookUp(p.uid)
	if k == nil {
		p.name = "find"
		found, err := call(ctx, s, p, func(context.Context) (factory[P], error) {
			f, err := c.find(p.uid)
			if f == nil && err == nil {
				err = c.missing
			}
			return f, err
		})
		if err != nil {
			return nil, nil, err
		}
		k = c.add(p.uid, found, changes)
	}
	return func() (P, error) { return c.create(k, p.uid) }, func() { c.release(p.uid, k) }, nil
}

// create calls a factory; one that makes nothing fails.
func (c *plugInCache[P]) create(k *cached[P], uid uint32) (P, error) {
	p, err := k.factory(uid)
	if any(p) == nil && err == nil {
		err = fmt.Errorf("the factory made none: %w", c.missing)
	}
	return p, err
}

// lookUp counts a use of the plug-in that is cached, nil if none is, and returns
// how often software has changed so far.
func (c *plugInCache[P]) lookUp(uid uint32) (k *cached[P], changes int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k = c.cached[uid]; k != nil {
		k.uses++
	}
	return k, c.changes
}

// add counts the first use of a plug-in that was found, and caches it. Of two
// that are found at once, the first is cached. One that was found before
// software changed, after so many changes, is for its request alone.
func (c *plugInCache[P]) add(uid uint32, found factory[P], changes int) *cached[P] {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.cached[uid]
	if k == nil {
		k = &cached[P]{factory: found}
		if changes == c.changes {
			if c.cached == nil {
				c.cached = map[uint32]*cached[P]{}
			}
			c.cached[uid] = k
		}
	}
	k.uses++
	return k
}

func (c *plugInCache[P]) release(uid uint32, k *cached[P]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k.uses--; k.uses == 0 && k.stale {
		delete(c.cached, uid)
	}
}

// invalidate drops the plug-ins that aren't in use, and returns their number.
// The others are dropped when their last user releases them.
func (c *plugInCache[P]) invalidate() (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changes++
	for uid, k := range c.cached {
		if k.stale = k.uses > 0; !k.stale {
			delete(c.cached, uid)
			n++
		}
	}
	return n
}
