package service

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"ups/runtime"
	"ups/runtime/decision"
	"ups/runtime/internal/lifetime"
)

// Server is the User Prompt Service (docs/service.md), in one process with
// those who use it. System servers Connect and open a Subsession for each of
// their clients; control panels and installers Manage.
//
// Every request runs in the goroutine of its caller; only calls of plug-ins
// have goroutines of their own. What requests share is the gate (gate.go), one
// mutex over plain data, the policies, which don't change but are replaced,
// and the decision database.
//
// The service begins with its first session, and ends two seconds after the
// last one has closed: then Done is closed, and it can't be used any more. As
// long as the database fails to delete what must not answer any more, the
// service doesn't end by itself. All methods may be called from any goroutine.
//
// A Server, its sessions and their subsessions close in the same way. Close
// cancels what runs in them: it fails with ErrClosed, unless it is past the
// point where it could be cancelled, such as an answer of the user that is being
// stored. Close returns when all of that has ended. Only the first call returns
// nil. Any other, also one after the server or session that it belongs to was
// closed, waits as long and returns ErrClosed.
//
// A plug-in may call Close of the subsession, session or server of its own
// request: Close returns when the request has abandoned the plug-in, which takes
// Limits.Grace. What else the service calls, and waits for, must not, since each
// would wait for the other: OnRequest, OnOutcome, Log, Metrics and DB, and the Report and
// the subscribers of the store. They may start a goroutine that does.
type Server struct {
	opt         Options // with the defaults filled in
	gate        gate
	revoked     revocations // records that couldn't be deleted
	ageing      ageing      // of stored answers
	evaluators  plugInCache[PolicyEvaluator]
	creators    plugInCache[DialogCreator]
	policies    changes      // of policies: sessions fetch their configuration anew
	deletions   deletions    // of the database: views are aborted
	requests    atomic.Int64 // under way that may come to prompt
	unpurged    purges       // that failed
	retrying    atomic.Bool  // the deletions that failed will be tried again
	unsubscribe func()       // from the changes of the store

	life *lifetime.Lifetime // sessions run in it, and purges

	mu       sync.Mutex  // guards what follows; is taken before a lifetime's
	sessions int         // open
	idle     func() bool // stops the timer of the idle end; nil if it isn't running
	idleRun  uint64      // which run of the timer it is
}

// Options are what a server is made of. Store and DB are required.
type Options struct {
	// Store has the policies. The server subscribes to its changes, and doesn't
	// end a Watch of it.
	Store *runtime.Store
	// DB has the stored answers. The server doesn't close it.
	DB decision.DB
	// PlugIns finds policy evaluators and dialog creators. Nil has none.
	PlugIns PlugIns
	// Limits bound the time of plug-ins.
	Limits Limits

	// Ageing says how the stored answers of a service age. It is called for each
	// of them that is found, from many goroutines, and may say something else
	// than before. Nil is what the device does: they answer for ever, and nothing
	// is kept of their age.
	Ageing func(decision.Service) Ageing

	// Idle is how long after the last session has closed the service ends:
	// two seconds if it is 0; if it is negative, only Close ends it.
	Idle time.Duration
	// Clock measures the time for Idle, Limits and what is observed. Nil is the
	// system's.
	Clock Clock

	// Log gets the events of the service and, at slog.LevelInfo with the
	// message "authorise", each request with its answer. It may be nil.
	Log *slog.Logger
	// Mask are the fields that aren't logged.
	Mask Mask
	// OnRequest is called when an Authorise begins. The context that it returns, made
	// of its argument, is that of all that is done for the request: OnOutcome and
	// Metrics get it, plug-ins and the database too. It may be nil.
	OnRequest func(context.Context) context.Context
	// OnOutcome is called with what each Authorise that has begun is about to return, by
	// its goroutine, and while the request counts as under way (see Server): not for one
	// that is refused since its context is done, the subsession is closed, or has a
	// request outstanding.
	OnOutcome func(context.Context, Outcome, error)
	// Metrics receives what can be counted and timed. It may be nil.
	Metrics Metrics
}

const defaultIdle = 2 * time.Second

// ErrClosed says that the server, session or subsession was closed, perhaps
// while a request was under way.
var ErrClosed = lifetime.ErrClosed

// New makes a server. Without a store or a database the error is
// ErrMissingArgument.
func New(opt Options) (*Server, error) {
	switch {
	case opt.Store == nil:
		return nil, fmt.Errorf("policy store: %w", runtime.ErrMissingArgument)
	case opt.DB == nil:
		return nil, fmt.Errorf("decision database: %w", runtime.ErrMissingArgument)
	}
	opt = opt.filled()
	s := &Server{
		opt:        opt,
		evaluators: plugInCache[PolicyEvaluator]{find: opt.PlugIns.Evaluator, missing: runtime.ErrMissingPolicyEvaluator},
		creators:   plugInCache[DialogCreator]{find: opt.PlugIns.DialogCreator, missing: runtime.ErrMissingDialogCreator},
	}
	s.ageing.of, s.ageing.clock.system = opt.Ageing, opt.Clock
	if opt.Ageing != nil {
		s.revoked.uses = &s.ageing.uses
	}
	s.life = lifetime.New(nil, func() {
		s.unsubscribe()
		s.retryAtEnd()
		s.giveBackUses()
	})
	if opt.Metrics != nil {
		s.gate.onWaiting = opt.Metrics.Waiting
	}
	s.unsubscribe = opt.Store.Subscribe(s.policiesChanged)
	return s, nil
}

// filled returns the options with the defaults.
func (o Options) filled() Options {
	if o.PlugIns == nil {
		o.PlugIns = Registry{}
	}
	if o.Clock == nil {
		o.Clock = systemClock{}
	}
	o.Idle = cmp.Or(o.Idle, defaultIdle)
	o.Limits = o.Limits.filled()
	return o
}

// Done is closed when the service has ended: the last request has, what the
// user answered is stored, and the server uses the database no more. The
// embedding program then closes the database, and ends the process or makes a new
// server when it is needed.
func (s *Server) Done() <-chan struct{} { return s.life.Done() }

// Close ends the service at once: all sessions are closed, and requests under
// way fail with ErrClosed. It returns when they have, and Done is closed.
func (s *Server) Close() error {
	err := s.life.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopIdle()
	return err
}
