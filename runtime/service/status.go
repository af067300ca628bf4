package service

// Status is what a service is doing at one moment.
type Status struct {
	Sessions int // open
	// Requests are those under way that may come to prompt: being evaluated,
	// waiting, looked up or asked.
	Requests int
	Waiting  int  // of them, in the queue at the gate
	Dialog   bool // whether one of them has the gate
	// Round is whether those that wait are being looked up again, after a
	// dialog has ended. Until that is over, and no request is at work beside
	// the one that has the gate and those that wait, the service is not at rest.
	Round    bool
	Disputes int // records that are disputed
	// Undeleted is whether the database has failed to delete records that must not
	// answer any more. After Close it means that they count again.
	Undeleted bool
}

// AtRest reports whether nothing will happen by itself: all requests wait for
// one dialog, or there are none. The dialog may still be in preparation.
func (s Status) AtRest() bool {
	atGate := s.Waiting
	if s.Dialog {
		atGate++
	}
	return !s.Round && s.Requests == atGate
}

// Status returns what the service is doing.
func (s *Server) Status() Status {
	s.mu.Lock()
	st := Status{Sessions: s.sessions, Undeleted: s.undeleted()}
	s.mu.Unlock()
	g := &s.gate
	g.mu.Lock()
	defer g.mu.Unlock()
	st.Requests, st.Waiting, st.Disputes = int(s.requests.Load()), g.waiting, len(g.disputes)
	st.Dialog, st.Round = g.holder != nil, g.turn != nil
	return st
}
