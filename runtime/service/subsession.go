package service

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"

	"ups/policy"
	"ups/runtime"
	"ups/runtime/internal/lifetime"
)

// Subsession authorises the requests of one client; a system server has one for
// each connection of a client. It has at most one request outstanding.
type Subsession struct {
	session *Session
	client  Client
	life    *lifetime.Lifetime // the request outstanding runs in it
	busy    atomic.Bool        // a request is outstanding
	created bool               // in the service: when first needed; the request outstanding's
}

// Client is the client of a system server, as the embedding program knows it from
// the system, never as the client says.
type Client struct {
	SID      uint32
	VendorID uint32
	Drive    byte // letter, in any case, of the drive that the executable was started from; 0 if unknown
	// ProcessGone reports whether the client's process has ended; nil means no.
	// It is called during each request, and must not block. A thread that has
	// ended while its process lives makes no difference.
	ProcessGone func() bool
	// Program is a hash of the file that the process runs, such as its SHA-256: up
	// to decision.MaxProgram bytes, not text; empty if it isn't known. It counts
	// where answers age by it (Ageing).
	Program string
}

// ErrInUse says that the subsession has a request outstanding. The platform
// answers KErrInUse.
var ErrInUse = errors.New("a request is outstanding")

// Open opens a subsession for a client. Nothing is created in the service
// before it is asked.
func (s *Session) Open(client Client) (*Subsession, error) {
	if err := client.checkProgram(); err != nil {
		return nil, err
	}
	if err := s.life.Begin(); err != nil {
		return nil, err
	}
	sub := &Subsession{session: s, client: client, life: lifetime.New(s.life, nil)}
	s.life.Attach(sub.life)
	return sub, nil
}

// Authorise asks whether the client may do what it requested. The outcome says
// the answer, and how it came about. With an error the answer is DecisionNo;
// Code returns the platform's value for it.
//
// The errors are those of type runtime.Error, ErrPermissionDenied if the system
// server lacks ProtServ, runtime.ErrInvalidUTF8 if the destination isn't UTF-8
// and the service has to be asked, ErrInUse, ErrClosed, those of plug-ins and of
// the decision database, and the cause of ctx. A request whose ctx is done
// leaves nothing behind: it has left the queue and lifted its dispute, its
// plug-in has returned (or Limits.Grace is over), and nothing was stored. Once
// the user has answered, it is too late to cancel: the answer is stored, and
// returned.
func (s *Subsession) Authorise(ctx context.Context, q Query) (o Outcome, err error) {
	o.Server, o.Client, o.Query = s.session.caller.SID, s.client, q
	if err := s.begin(ctx); err != nil {
		return o, err
	}
	defer s.end()
	server := s.session.server
	if !server.observed() {
		err = s.authorise(ctx, &o)
		return o, err
	}
	start := server.opt.Clock.Now()
	if server.opt.OnRequest != nil {
		ctx = server.opt.OnRequest(ctx)
	}
	err = s.authorise(ctx, &o)
	o.Duration = server.opt.Clock.Now().Sub(start)
	server.observe(ctx, &o, err)
	return o, err
}

// begin makes sure that there is one request outstanding only.
func (s *Subsession) begin(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := s.life.Begin(); err != nil {
		return err
	}
	if s.busy.Swap(true) {
		s.life.End()
		return ErrInUse
	}
	return nil
}

func (s *Subsession) end() {
	s.busy.Store(false)
	s.life.End()
}

// authorise is the client library: it answers what need not be sent
// (docs/service.md, Before the service is asked).
func (s *Subsession) authorise(ctx context.Context, o *Outcome) error {
	config, err := s.config(ctx, o.Service)
	if err != nil {
		return err
	}
	switch config.Ask(s.client.now(), o.Passed) {
	case policy.Allow:
		o.Source, o.Decision = SourceCheck, policy.DecisionYes
	case policy.Reject:
		o.Source, o.Decision = SourceCheck, policy.DecisionNo
	case policy.Ask:
		if err := s.create(ctx); err != nil {
			return err
		}
		return s.session.server.authorise(ctx, s, o)
	}
	return nil
}

// config is Session.Config. To fetch it may take the disk's time: meanwhile
// Close cuts the request off.
func (s *Subsession) config(ctx context.Context, service uint32) (runtime.ServiceConfig, error) {
	if c := s.session.current(); c != nil {
		return c.of(service), nil
	}
	ctx, release := s.life.Context(ctx)
	defer release()
	config, err := s.session.service(ctx, service)
	return config, lifetime.ClosedOr(ctx, err)
}

// now is what the client library asks about a client.
func (c *Client) now() runtime.Client {
	return runtime.Client{SID: c.SID, Drive: c.Drive, Gone: gone(c.ProcessGone)}
}

func gone(f func() bool) bool { return f != nil && f() }

// create checks what the service requires of a subsession when its first request
// reaches it.
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
		hex("server", caller.SID), s.session.server.opt.Mask.field(MaskClient, hex("client", s.client.SID)))
	return nil
}

// Close closes the subsession. A request outstanding fails with ErrClosed;
// Close returns when it has. A second Close returns ErrClosed, and no earlier
// (see Server).
func (s *Subsession) Close() error { return s.life.Close() }
