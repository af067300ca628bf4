package service

import (
	"context"
	"sync"
)

// gate admits one request at a time to a dialog, keeps the queue of those that
// wait for it, and knows which records are disputed (docs/service.md, A
// request, steps 3, 4 and 7).
//
// It is one mutex over plain data. Every request runs in the goroutine of its
// caller, and only that goroutine changes what its waiter says of itself, so a
// request that is cancelled removes itself from wherever it is.
//
// When a dialog ends, a round begins: the turn to look up again passes along
// the queue, from its head to its tail. A request that comes meanwhile joins
// the tail, and so looks up after all that waited. Outside of a round requests
// look up at once and in parallel. What they read may be out of date when they
// get to the gate: they notice by the count of dialogs ended, and look again.
//
// Invariant: with no dialog up and no round on, the queue is empty.
type gate struct {
	mu         sync.Mutex
	holder     *waiter // whose dialog is up
	head, tail *waiter // the queue
	turn       *waiter // whose turn it is in a round; nil outside of one
	ended      uint64  // dialogs that have ended, however they did
	waiting    int     // length of the queue
	disputes   map[uint64]int
	onWaiting  func(waiting int) // called with the length of the queue, under the mutex; may be nil
}

// waiter is a request at the gate. The zero value is that of one that has not
// been there.
type waiter struct {
	prev, next *waiter       // in the queue
	wake       chan struct{} // of capacity 1: look whose turn it is
	queued     bool
	holds      bool   // the gate
	seen       uint64 // gate.ended when the request last began to look up
	disputed   uint64 // id of the record that this request disputes; 0 if none
}

// enter comes before step 3. In a round, and for a request in the queue, it
// waits for the turn; it fails with the cause of ctx.
func (g *gate) enter(ctx context.Context, w *waiter) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.turn != nil && !w.queued {
		g.enqueue(w)
	}
	for w.queued && g.turn != w {
		if err := g.sleep(ctx, w); err != nil {
			return err
		}
	}
	w.seen = g.ended
	return nil
}

// sleep waits, with the mutex released, until w is woken.
func (g *gate) sleep(ctx context.Context, w *waiter) error {
	g.mu.Unlock()
	defer g.mu.Lock()
	select {
	case <-w.wake:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// recordState is what the gate knows of a record that was found.
type recordState uint8

const (
	undisputed recordState = iota
	disputed
	stale // a dialog has ended since the request began to look up: look again
)

// check returns the state of the record that was found; id is 0 if none was. A
// dispute of this request over another record is lifted.
func (g *gate) check(w *waiter, id uint64) recordState {
	g.mu.Lock()
	defer g.mu.Unlock()
	if w.seen != g.ended {
		return stale
	}
	if w.disputed != id {
		g.lift(w)
	}
	if id != 0 && g.disputes[id] > 0 {
		return disputed
	}
	return undisputed
}

// acquire is step 4: the request needs a dialog. If it was forced, over the
// record of that id, the dispute begins in the same moment, so that no request
// that finds the record disputed can come to the gate before it; else the id
// is 0. It reports whether the request has the gate now. If not, the request
// enters again.
func (g *gate) acquire(w *waiter, forced uint64) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.dispute(w, forced)
	switch {
	case w.seen != g.ended:
		return false
	case g.holder == nil:
		g.holder, w.holds = w, true
		g.dequeue(w)
		return true
	case g.turn == w:
		g.passTurn(w)
	case !w.queued:
		g.enqueue(w)
	}
	return false
}

// leave is the end of a request, in any state: its dispute is lifted, it leaves
// the queue, and the next in it is woken. It may be called twice.
func (g *gate) leave(w *waiter) {
	if !w.queued && !w.holds && w.disputed == 0 {
		return // never at the gate, as most requests
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.lift(w)
	g.dequeue(w)
	if w.holds {
		g.holder, w.holds = nil, false
		g.ended++
		g.setTurn(g.head)
	}
}

func (g *gate) dispute(w *waiter, id uint64) {
	if id == 0 || w.disputed == id {
		return
	}
	g.lift(w)
	if g.disputes == nil {
		g.disputes = map[uint64]int{}
	}
	g.disputes[id]++
	w.disputed = id
}

func (g *gate) lift(w *waiter) {
	if w.disputed == 0 {
		return
	}
	if g.disputes[w.disputed]--; g.disputes[w.disputed] == 0 {
		delete(g.disputes, w.disputed)
	}
	w.disputed = 0
}
