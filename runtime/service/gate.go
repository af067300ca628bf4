package service

import (
	"context"
	"sync"
)

// gate lets one dialog at a time through, keeps the line of those that wait
// for it, and knows which records are disputed (docs/service.md,
// A request, steps 3, 4 and 7).
//
// It is one mutex over plain data. Every request runs in the goroutine of its
// caller; only that goroutine changes what its place says of itself, so a
// request that is cancelled takes itself away from wherever it is.
//
// When a dialog ends, a round begins: the turn to look up again goes along the
// line, from the first to the last. Who comes meanwhile joins the end, and so
// looks up after all that waited. Outside of a round those that come look up
// at once and beside each other. What they read may be out of date when they
// get to the gate: they notice by the count of dialogs ended, and look again.
//
// Invariant: with no dialog up and no round on, the line is empty.
type gate struct {
	mu          sync.Mutex
	up          *place // whose dialog is up
	first, last *place // the line
	turn        *place // whose turn it is in a round; nil outside of one
	ended       uint64 // dialogs that have ended, however they did
	waiting     int    // places in the line
	disputes    map[uint64]int
	onLine      func(waiting int) // told of the length of the line, under the mutex; may be nil
}

// place is where a request stands. The zero value is that of one that has not
// been at the gate.
type place struct {
	prev, next *place
	wake       chan struct{} // of capacity 1: look whose turn it is
	inLine     bool
	holds      bool   // the gate
	seen       uint64 // gate.ended when the request last began to look up
	disputed   uint64 // id of the record that this request disputes; 0 if none
}

// enter is before step 3. In a round, and for one who stands in the line, it
// waits for the turn; it fails with the cause of ctx.
func (g *gate) enter(ctx context.Context, p *place) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.turn != nil && !p.inLine {
		g.join(p)
	}
	for p.inLine && g.turn != p {
		if err := g.sleep(ctx, p); err != nil {
			return err
		}
	}
	p.seen = g.ended
	return nil
}

// sleep waits, with the mutex released, until p is woken.
func (g *gate) sleep(ctx context.Context, p *place) error {
	g.mu.Unlock()
	defer g.mu.Lock()
	select {
	case <-p.wake:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// standing is what the gate says of a record that was found.
type standing uint8

const (
	undisputed standing = iota
	disputed
	stale // a dialog has ended since the request began to look up: look again
)

// judge tells how the record that was found stands; id is 0 if none was. A
// dispute of this request over another record is lifted.
func (g *gate) judge(p *place, id uint64) standing {
	g.mu.Lock()
	defer g.mu.Unlock()
	if p.seen != g.ended {
		return stale
	}
	if p.disputed != id {
		g.lift(p)
	}
	if id != 0 && g.disputes[id] > 0 {
		return disputed
	}
	return undisputed
}

// arrive is step 4: the request needs a dialog. If it was forced, over the
// record of that id, the dispute begins in the same moment, so that no request
// that finds the record disputed can come to the gate before it; else the id
// is 0. It reports whether the gate is the request's now. If not, the request
// enters again.
func (g *gate) arrive(p *place, forced uint64) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.dispute(p, forced)
	switch {
	case p.seen != g.ended:
		return false
	case g.up == nil:
		g.up, p.holds = p, true
		g.part(p)
		return true
	case g.turn == p:
		g.pass(p)
	case !p.inLine:
		g.join(p)
	}
	return false
}

// leave is the end of a request, in any state: its dispute is lifted, its
// place given up, the next in line woken. Leaving twice is no harm.
func (g *gate) leave(p *place) {
	if !p.inLine && !p.holds && p.disputed == 0 {
		return // never at the gate, as most requests
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.lift(p)
	g.part(p)
	if p.holds {
		g.up, p.holds = nil, false
		g.ended++
		g.give(g.first)
	}
}

func (g *gate) dispute(p *place, id uint64) {
	if id == 0 || p.disputed == id {
		return
	}
	g.lift(p)
	if g.disputes == nil {
		g.disputes = map[uint64]int{}
	}
	g.disputes[id]++
	p.disputed = id
}

func (g *gate) lift(p *place) {
	if p.disputed == 0 {
		return
	}
	if g.disputes[p.disputed]--; g.disputes[p.disputed] == 0 {
		delete(g.disputes, p.disputed)
	}
	p.disputed = 0
}
