package service

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"ups/policy"
	"ups/runtime"
)

// Subsession is one client's way to the service; a system server has one for
// each connection of a client. It has at most one request outstanding.
type Subsession struct {
	session *Session
	client  ClientIdentity
	life    *lifetime   // the request outstanding runs in it
	busy    atomic.Bool // a request is outstanding
	created bool        // in the service: when first needed; the request outstanding's
}

// ClientIdentity is the client of a system server, as who embeds the service
// knows from the system, and never as the client says.
type ClientIdentity struct {
	SID      uint32
	VendorID uint32
	Drive    byte // letter, in any case, of the drive that the executable was started from; 0 if unknown
	// ProcessGone tells whether the client's process has ended. It is called
	// during each request, must not block, and may be nil: never. A thread that
	// has ended while its process lives makes no difference.
	ProcessGone func() bool
}

// ErrInUse says that the subsession has a request outstanding. The platform
// answers KErrInUse.
var ErrInUse = errors.New("a request is outstanding")

// Open opens a subsession for a client. Nothing is created in the service
// before it is asked.
func (s *Session) Open(client ClientIdentity) (*Subsession, error) {
	if err := s.life.begin(); err != nil {
		return nil, err
	}
	sub := &Subsession{session: s, client: client, life: newLifetime(s.life, nil)}
	s.life.attach(sub.life)
	return sub, nil
}

// Authorise asks whether the client may do what it requested. Passed is the
// result of the system server's own check, destination what the request is
// about, opaque what the system server tells plug-ins besides; it may be nil.
//
// With any error the decision is DecisionNo. The errors are the constants of
// type Error, ErrPermissionDenied if the system server lacks ProtServ,
// ErrInvalidUTF8 if the destination isn't UTF-8 and the service has to be
// asked, ErrInUse, ErrClosed, those of plug-ins and of the decision database,
// and the cause of ctx. A request whose ctx is done leaves nothing behind: it
// has given up its place in line and its dispute, its plug-in has returned (or
// Limits.Grace is over), and nothing was stored. Once the user has answered,
// it is too late to cancel: the answer is kept, and given.
func (s *Subsession) Authorise(ctx context.Context, passed bool, service uint32, destination string, opaque []byte) (policy.Decision, error) {
	if err := s.begin(ctx); err != nil {
		return policy.DecisionNo, err
	}
	defer s.end()
	server := s.session.server
	var start time.Time
	if server.observed() {
		start = server.opt.Clock.Now()
	}
	o := Outcome{Request: Request{
		Server: s.session.caller.SID, Service: service, Client: s.client,
		Destination: destination, Opaque: opaque, Passed: passed,
	}}
	s.authorise(ctx, &o)
	if o.Err != nil {
		o.Decision = policy.DecisionNo
	}
	if server.observed() {
		o.Duration = server.opt.Clock.Now().Sub(start)
		server.observe(ctx, o)
	}
	return o.Decision, o.Err
}

// begin makes sure that there is one request outstanding only.
func (s *Subsession) begin(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := s.life.begin(); err != nil {
		return err
	}
	if s.busy.Swap(true) {
		s.life.end()
		return ErrInUse
	}
	return nil
}

func (s *Subsession) end() {
	s.busy.Store(false)
	s.life.end()
}

// authorise is the client library: it answers what need not be sent
// (docs/service.md, Before the service is asked).
func (s *Subsession) authorise(ctx context.Context, o *Outcome) {
	config, err := s.config(ctx, o.Service)
	if err != nil {
		o.Err = err
		return
	}
	switch config.Ask(s.client.now(), o.Passed) {
	case runtime.Allow:
		o.Source, o.Decision = SourceCheck, policy.DecisionYes
	case runtime.Reject:
		o.Source, o.Decision = SourceCheck, policy.DecisionNo
	case runtime.Ask:
		if o.Err = s.create(ctx); o.Err == nil {
			s.session.server.authorise(ctx, s, o)
		}
	}
}

// config is Session.Config. To fetch it may take the disk's time: meanwhile
// Close cuts the request off.
func (s *Subsession) config(ctx context.Context, service uint32) (runtime.ServiceConfig, error) {
	if c := s.session.current(); c != nil {
		return c.of(service), nil
	}
	ctx, release := s.life.context(ctx)
	defer release()
	config, err := s.session.service(ctx, service)
	return config, fate(ctx, err)
}

// now is what the client library asks about a client.
func (c *ClientIdentity) now() runtime.Client {
	return runtime.Client{SID: c.SID, Drive: c.Drive, Gone: gone(c.ProcessGone)}
}

func gone(f func() bool) bool { return f != nil && f() }

// create makes sure that the service may and can know of the subsession: it
// is what is checked when a request reaches the service.
func (s *Subsession) create(ctx context.Context) error {
	caller := s.session.caller
	if err := caller.need(ProtServ, "ProtServ"); err != nil {
		return err
	}
	switch {
	case gone(s.client.ProcessGone):
		return runtime.ErrBadClientProcessID
	case s.created:
		return nil
	}
	s.created = true
	s.session.server.log(ctx, slog.LevelDebug, "subsession created",
		hex("server", caller.SID), s.session.server.mask(MaskClient, hex("client", s.client.SID)))
	return nil
}

// Close closes the subsession. A request outstanding fails with ErrClosed;
// Close returns when it has. A second Close returns ErrClosed, and no earlier
// (see Server).
func (s *Subsession) Close() error { return s.life.close() }
