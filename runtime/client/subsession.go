package client

import (
	"bytes"
	"context"
	"errors"
	"sync/atomic"
	"unicode/utf8"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"ups/policy"
	"ups/runtime"
	"ups/runtime/api/upsv1"
	"ups/runtime/internal/lifetime"
	"ups/runtime/internal/messages"
	"ups/runtime/service"
)

// Subsession authorises the requests of one client, as service.Subsession does. It
// has at most one request outstanding.
type Subsession struct {
	session *Session
	client  service.Client
	life    *lifetime.Lifetime // the request outstanding runs in it
	busy    atomic.Bool        // a request is outstanding
	remote  *remote            // in the server; nil before it is needed; the request outstanding's
}

// remote is a subsession as the server knows it.
type remote struct {
	session []byte
	id      uint64
}

// Open opens a subsession for a client. Nothing is created in the server before it
// is asked.
func (s *Session) Open(client service.Client) (*Subsession, error) {
	if err := s.life.Begin(); err != nil {
		return nil, err
	}
	sub := &Subsession{session: s, client: client}
	sub.life = lifetime.New(s.life, sub.drop)
	s.life.Attach(sub.life)
	return sub, nil
}

// Authorise asks whether the client may do what it requested, as
// service.Subsession.Authorise does, with the same errors, and ErrUnavailable and
// ErrInterrupted. A request whose ctx is done has ended in the server too when
// Authorise returns, unless that takes more than Options.Grace.
func (s *Subsession) Authorise(ctx context.Context, q service.Query) (o service.Outcome, err error) {
	o.Client, o.Query = s.client, q
	if err := s.begin(ctx); err != nil {
		return o, err
	}
	defer s.end()
	ctx, release := s.life.Context(ctx)
	defer release()
	err = s.authorise(ctx, &o)
	if err != nil {
		o.Decision = policy.DecisionNo
	}
	return o, lifetime.ClosedOr(ctx, err)
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
		return service.ErrInUse
	}
	return nil
}

func (s *Subsession) end() {
	s.busy.Store(false)
	s.life.End()
}

// authorise is the client library: it answers what need not be sent
// (docs/service.md, Before the service is asked).
func (s *Subsession) authorise(ctx context.Context, o *service.Outcome) error {
	now, err := s.session.link(ctx)
	if err != nil {
		return err
	}
	o.Server = now.server
	client := runtime.Client{SID: s.client.SID, Drive: s.client.Drive, Gone: s.gone()}
	switch now.of(o.Service).Ask(client, o.Passed) {
	case policy.Allow:
		o.Source, o.Decision = service.SourceCheck, policy.DecisionYes
		return nil
	case policy.Reject:
		o.Source, o.Decision = service.SourceCheck, policy.DecisionNo
		return nil
	}
	if !utf8.ValidString(o.Destination) {
		return runtime.ErrInvalidUTF8 // which no message can hold
	}
	return s.send(ctx, now, o)
}

func (s *Subsession) gone() bool { return s.client.ProcessGone != nil && s.client.ProcessGone() }

// send asks the server. If it turns out before anything was asked that the connection
// is gone, it asks over another one, since the server's session may be there still; if
// that is gone too, it waits for the next one.
func (s *Subsession) send(ctx context.Context, now *link, o *service.Outcome) error {
	for {
		asked, err := s.ask(ctx, now, o)
		if !asked && ctx.Err() == nil && errors.Is(err, ErrInterrupted) {
			asked, err = s.ask(ctx, now, o)
		}
		if asked || err == nil || ctx.Err() != nil || !connectionLost(err) {
			return err
		}
		s.remote = nil
		if now, err = s.session.after(ctx, now); err != nil {
			return err
		}
	}
}

// ask sends the request; asked is whether it may have come to the service.
func (s *Subsession) ask(ctx context.Context, now *link, o *service.Outcome) (asked bool, err error) {
	r, err := s.open(ctx, now)
	if err != nil {
		return false, err
	}
	m := &upsv1.StreamedRequest{Subsession: r.id, Query: messages.EncodeQuery(o.Query), ProcessGone: s.gone()}
	if proto.Size(m) > s.session.client.maxStreamed {
		return s.call(ctx, r, o)
	}
	grace := s.session.client.opt.Grace
	answer, err := s.session.asks(r.session).ask(ctx, m, grace)
	for err == errOver { // meanwhile
		answer, err = s.session.asks(r.session).ask(ctx, m, grace)
	}
	if err == nil {
		err = decodeAnswer(answer, o)
	}
	asked = !errors.Is(err, errUnsent) && !errors.Is(err, messages.ErrNoSession) && !errors.Is(err, ErrUnavailable)
	if errors.Is(err, errLate) { // it is in use until the request has ended, whenever that is
		s.remote = nil
		go s.session.client.closeRemote(s.session.streaming, r)
	}
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return asked, err
}

// decodeAnswer adds what is known of a request to its outcome, and returns why it
// failed.
func decodeAnswer(m *upsv1.StreamedAnswer, o *service.Outcome) error {
	if m.Error == nil {
		return messages.DecodeOutcome(m.Answer, o)
	}
	if m.Answer != nil && messages.DecodeOutcome(m.Answer, o) == nil {
		o.Decision = policy.DecisionNo
	}
	if m.Error.Detail == nil { // it is of the API: a limit, a caller who isn't known
		return connect.NewError(connect.Code(m.Error.Code), errors.New(m.Error.Message))
	}
	return messages.DecodeError(m.Error.Detail, m.Error.Message)
}

// call sends a request that is too large for the stream. The server is asked to end it
// when ctx is done, rather than hung up on: so the answer of a user who was faster is
// still returned.
func (s *Subsession) call(ctx context.Context, r *remote, o *service.Outcome) (asked bool, err error) {
	asking, hangUp := context.WithCancel(context.WithoutCancel(ctx))
	defer hangUp()
	asking, sent := noteSent(asking)
	ended := make(chan struct{})
	notCancelled := context.AfterFunc(ctx, func() {
		defer close(ended)
		if s.session.client.closeRemote(context.Background(), r) != nil {
			hangUp()
		}
	})
	answer, err := s.session.client.sessions.Authorise(asking, connect.NewRequest(&upsv1.AuthoriseRequest{
		Session: r.session, Subsession: r.id, Query: messages.EncodeQuery(o.Query), ProcessGone: s.gone(),
	}))
	if !notCancelled() {
		<-ended
		s.remote = nil
	}
	if err == nil {
		return true, messages.DecodeOutcome(answer.Msg, o)
	}
	decodeFailed(err, o)
	err = failure(ctx, err)
	switch {
	case errors.Is(err, messages.ErrNoSession), errors.Is(err, ErrUnavailable):
		return false, err
	case errors.Is(err, ErrInterrupted):
		return sent.Load(), err
	}
	return true, err
}

// open returns the subsession in the server's session of now.
func (s *Subsession) open(ctx context.Context, now *link) (*remote, error) {
	if r := s.remote; r != nil && bytes.Equal(r.session, now.session) {
		return r, nil
	}
	answer, err := s.session.client.sessions.OpenSubsession(ctx, connect.NewRequest(&upsv1.OpenSubsessionRequest{
		Session: now.session, Client: messages.EncodeClient(s.client),
	}))
	if err != nil {
		return nil, failure(ctx, err)
	}
	s.remote = &remote{session: now.session, id: answer.Msg.Subsession}
	return s.remote, nil
}

// drop is called when the last request has ended. With its session, a subsession
// ends by itself.
func (s *Subsession) drop() {
	r := s.remote
	if r != nil && !s.session.life.Closed() && s.session.connectedBy(r.session) {
		_ = s.session.client.closeRemote(context.Background(), r)
	}
}

// closeRemote closes a subsession in the server, and returns when its request has
// ended: its answer is on its way then. A subsession that can't be closed ends with the
// session.
func (c *Client) closeRemote(ctx context.Context, r *remote) error {
	ctx, cancel := context.WithTimeout(ctx, c.opt.Grace)
	defer cancel()
	_, err := c.sessions.CloseSubsession(ctx, connect.NewRequest(&upsv1.CloseSubsessionRequest{Session: r.session, Subsession: r.id}))
	return err
}

// Close closes the subsession. A request outstanding fails with service.ErrClosed;
// Close returns when it has. A second Close returns service.ErrClosed, and no earlier.
func (s *Subsession) Close() error { return s.life.Close() }
