package service

// The line is a list through the places themselves: a request that is
// cancelled leaves it wherever it stands, at no cost to the others.

// join puts a place at the end of the line.
func (g *gate) join(p *place) {
	if p.wake == nil {
		p.wake = make(chan struct{}, 1)
	}
	p.prev, p.next, p.inLine = g.last, nil, true
	if g.last == nil {
		g.first = p
	} else {
		g.last.next = p
	}
	g.last = p
	g.counted(+1)
}

// part takes a place out of the line, if it is in it, and passes on its turn.
func (g *gate) part(p *place) {
	if !p.inLine {
		return
	}
	if g.turn == p {
		g.pass(p)
	}
	if p.prev == nil {
		g.first = p.next
	} else {
		p.prev.next = p.next
	}
	if p.next == nil {
		g.last = p.prev
	} else {
		p.next.prev = p.prev
	}
	p.prev, p.next, p.inLine = nil, nil, false
	g.counted(-1)
}

// pass gives the turn to whom stands behind p; behind the last, the round ends.
func (g *gate) pass(p *place) { g.give(p.next) }

// give gives the turn to p, which may be nil. A wake-up that is still there
// from before does as well: who is woken looks whose turn it is.
func (g *gate) give(p *place) {
	g.turn = p
	if p == nil {
		return
	}
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

func (g *gate) counted(by int) {
	g.waiting += by
	if g.onLine != nil {
		g.onLine(g.waiting)
	}
}
