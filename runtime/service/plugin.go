package service

import (
	"context"
	"sync"

	"ups/runtime"
)

// PlugIns finds the plug-ins that are installed, by their implementation UIDs.
// The service asks when it first needs one, and keeps what it gets until it
// is told that software was installed or removed (Management.PlugInsChanged).
// To find one may take as long as a call of it (Limits.Evaluate,
// Limits.Prepare), and may fail in all the same ways.
// UID 0 as a policy evaluator is never asked for: it is the built-in one.
//
// An error that wraps ErrMissingPolicyEvaluator or ErrMissingDialogCreator
// says that there is none.
type PlugIns interface {
	Evaluator(uid uint32) (NewEvaluator, error)
	DialogCreator(uid uint32) (NewDialogCreator, error)
}

// Registry is the plug-ins that a program is linked with. It must not change
// once a server has it. The zero value has none.
type Registry struct {
	Evaluators     map[uint32]NewEvaluator
	DialogCreators map[uint32]NewDialogCreator
}

// Evaluator returns ErrMissingPolicyEvaluator if there is none of that UID.
func (r Registry) Evaluator(uid uint32) (NewEvaluator, error) {
	if f := r.Evaluators[uid]; f != nil {
		return f, nil
	}
	return nil, runtime.ErrMissingPolicyEvaluator
}

// DialogCreator returns ErrMissingDialogCreator if there is none of that UID.
func (r Registry) DialogCreator(uid uint32) (NewDialogCreator, error) {
	if f := r.DialogCreators[uid]; f != nil {
		return f, nil
	}
	return nil, runtime.ErrMissingDialogCreator
}

// plugInCache keeps the plug-ins of one kind that were found, and knows which
// are in use.
type plugInCache[F any] struct {
	find    func(uid uint32) (F, error) // never a nil factory without an error
	mu      sync.Mutex
	kept    map[uint32]*kept[F]
	changes int // how often software has changed
}

type kept[F any] struct {
	factory F
	uses    int
	stale   bool // software has changed: it goes with its last use
}

// take returns the factory of a plug-in; release must be called when the
// request has done with what it makes. Finding it is guarded as the plug-in's
// own calls are.
func (c *plugInCache[F]) take(ctx context.Context, s *Server, p plugCall) (factory F, release func(), err error) {
	k, changes := c.reuse(p.uid)
	if k == nil {
		p.name = "find"
		found, err := call(ctx, s, p, func(context.Context) (F, error) { return c.find(p.uid) })
		if err != nil {
			return factory, nil, err
		}
		k = c.keep(p.uid, found, changes)
	}
	return k.factory, func() { c.release(p.uid, k) }, nil
}

// reuse counts a use of the plug-in that is kept, nil if none is, and says how
// often software has changed so far.
func (c *plugInCache[F]) reuse(uid uint32) (k *kept[F], changes int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k = c.kept[uid]; k != nil {
		k.uses++
	}
	return k, c.changes
}

// keep counts the first use of a plug-in that was found. Of two who find at
// once, the first one's is kept. What was found before software changed, after
// so many changes, is for who found it, and not kept.
func (c *plugInCache[F]) keep(uid uint32, found F, changes int) *kept[F] {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.kept[uid]
	if k == nil {
		k = &kept[F]{factory: found}
		if changes == c.changes {
			if c.kept == nil {
				c.kept = map[uint32]*kept[F]{}
			}
			c.kept[uid] = k
		}
	}
	k.uses++
	return k
}

func (c *plugInCache[F]) release(uid uint32, k *kept[F]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k.uses--; k.uses == 0 && k.stale {
		delete(c.kept, uid)
	}
}

// renew drops the plug-ins that aren't in use, and returns their number. The
// others go when their last user gives them back.
func (c *plugInCache[F]) renew() (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changes++
	for uid, k := range c.kept {
		if k.stale = k.uses > 0; !k.stale {
			delete(c.kept, uid)
			n++
		}
	}
	return n
}
