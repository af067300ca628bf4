package service

// The queue is a list through the waiters themselves: a request that is
// cancelled leaves it wherever it is, at no cost to the others.

// enqueue adds a waiter at the tail.
func (g *gate) enqueue(w *waiter) {
	if w.wake == nil {
		w.wake = make(chan struct{}, 1)
	}
	w.prev, w.next, w.queued = g.tail, nil, true
	if g.tail == nil {
		g.head = w
	} else {
		g.tail.next = w
	}
	g.tail = w
	g.addWaiting(+1)
}

// dequeue removes a waiter, if it is in the queue, and passes on its turn.
func (g *gate) dequeue(w *waiter) {
	if !w.queued {
		return
	}
	if g.turn == w {
		g.passTurn(w)
	}
	if w.prev == nil {
		g.head = w.next
	} else {
		w.prev.next = w.next
	}
	if w.next == nil {
		g.tail = w.prev
	} else {
		w.next.prev = w.prev
	}
	w.prev, w.next, w.queued = nil, nil, false
	g.addWaiting(-1)
}

// passTurn passes the turn on from w; after the tail, the round ends.
func (g *gate) passTurn(w *waiter) { g.setTurn(w.next) }

// setTurn makes it the turn of w, which may be nil, and wakes it. A wake-up that
// is still there from before does as well: who is woken looks whose turn it is.
func (g *gate) setTurn(w *waiter) {
	g.turn = w
	if w == nil {
		return
	}
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

func (g *gate) addWaiting(n int) {
	g.waiting += n
	if g.onWaiting != nil {
		g.onWaiting(g.waiting)
	}
}
