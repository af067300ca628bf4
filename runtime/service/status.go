package service

// Status is what a service is doing at one moment.
type Status struct {
	Sessions int // open
	// Requests are those that may come to prompt, under way: being evaluated,
	// waiting in line, looked up or asked.
	Requests int
	Waiting  int  // of them, in line for the gate
	Dialog   bool // whether one of them has the gate
	// Round is whether those that wait are being looked up again, after a
	// dialog has ended. Until that is over, and no request is at work beside
	// the one that has the gate and those in line, the service is not at rest.
	Round    bool
	Disputes int // records that are disputed
	// Owes is whether the database has failed to delete records that must not
	// answer any more. After Close it means that they count again.
	Owes bool
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

// Status gives what the service is doing.
func (s *Server) Status() Status {
	s.mu.Lock()
	st := Status{Sessions: s.sessions, Owes: s.owes()}
	s.mu.Unlock()
	g := &s.gate
	g.mu.Lock()
	defer g.mu.Unlock()
	st.Requests, st.Waiting, st.Disputes = int(s.requests.Load()), g.waiting, len(g.disputes)
	st.Dialog, st.Round = g.up != nil, g.turn != nil
	return st
}
