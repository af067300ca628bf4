package server

import (
	"cmp"
	"fmt"
	"sync"

	"connectrpc.com/connect"
	"golang.org/x/time/rate"
)

// LeastMessageBytes is the least that Limits.MessageBytes may be: programs put several
// requests into a message, and plug-ins what they answer.
const LeastMessageBytes = 64 << 10

// Limits bound what one caller can have of the server: those of one
// Identity.Name together. A zero field is its default. What goes over one is
// refused with ResourceExhausted, and others don't notice.
//
// Connections count before anything is read from them, so theirs are limits of a
// peer: a user of the system, or an address. One too many is closed.
type Limits struct {
	Connections    int // of one peer; 1,000
	AllConnections int // of all peers; 10,000, which must be fewer than the files that the process may have open

	Sessions     int     // open sessions, and plug-ins attached; 1,000
	Subsessions  int     // open in all sessions; 10,000
	Requests     int     // calls and streamed requests under way, those that wait for the user included; 2,000
	MessageBytes int     // of one message, decoded; LeastMessageBytes
	Rate         float64 // calls a second, over time; 50,000
	Burst        int     // calls at once; 5,000
}

// Filled returns the limits with the defaults in place of zeros, as a server has them.
func (l Limits) Filled() Limits {
	return Limits{
		Connections:    cmp.Or(l.Connections, 1000),
		AllConnections: cmp.Or(l.AllConnections, 10_000),

		Sessions:     cmp.Or(l.Sessions, 1000),
		Subsessions:  cmp.Or(l.Subsessions, 10_000),
		Requests:     cmp.Or(l.Requests, 2000),
		MessageBytes: cmp.Or(l.MessageBytes, LeastMessageBytes),
		Rate:         cmp.Or(l.Rate, 50_000),
		Burst:        cmp.Or(l.Burst, 5000),
	}
}

// callers count what each caller has of the server.
type callers struct {
	limits Limits
	mu     sync.Mutex
	byName map[string]*caller
}

// caller is what one caller has. The lock of callers guards it.
type caller struct {
	held  [resources]int
	calls *rate.Limiter
}

// resource is something that a caller has a limited number of.
type resource uint8

const (
	aSession resource = iota
	aStream
	aSubsession
	aRequest
	resources = iota
)

func (l *Limits) of(r resource) (limit int, name string) {
	switch r {
	case aSession:
		return l.Sessions, "sessions"
	case aStream: // a session needs one
		return l.Sessions, "streams of requests"
	case aSubsession:
		return l.Subsessions, "subsessions"
	}
	return l.Requests, "requests under way"
}

func newCallers(limits Limits) *callers {
	return &callers{limits: limits, byName: map[string]*caller{}}
}

// admit counts a call of a caller, and takes one of a resource, which release
// returns.
func (c *callers) admit(name string, r resource) (release func(), err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.named(name)
	if !k.calls.Allow() {
		return nil, exhausted("more than %v calls a second", c.limits.Rate)
	}
	return c.takeLocked(name, k, r)
}

// take takes one of a resource.
func (c *callers) take(name string, r resource) (release func(), err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.takeLocked(name, c.named(name), r)
}

func (c *callers) takeLocked(name string, k *caller, r resource) (release func(), err error) {
	if limit, what := c.limits.of(r); k.held[r] >= limit {
		return nil, exhausted("the limit is %d %s", limit, what)
	}
	k.held[r]++
	return func() { c.release(name, k, r) }, nil
}

func (c *callers) release(name string, k *caller, r resource) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k.held[r]--
	c.forget(name, k)
}

// named returns what a caller has. Those that have nothing, and haven't called
// for so long that they may call as often as one that is new, are forgotten.
func (c *callers) named(name string) *caller {
	k := c.byName[name]
	if k == nil {
		k = &caller{calls: rate.NewLimiter(rate.Limit(c.limits.Rate), c.limits.Burst)}
		c.byName[name] = k
	}
	return k
}

func (c *callers) forget(name string, k *caller) {
	if k.held == [resources]int{} && k.calls.Tokens() >= float64(c.limits.Burst) {
		delete(c.byName, name)
	}
}

func exhausted(format string, args ...any) error {
	return connect.NewError(connect.CodeResourceExhausted, fmt.Errorf("too much for one caller: "+format, args...))
}
