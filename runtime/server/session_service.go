package server

import (
	"context"
	"errors"

	"connectrpc.com/connect"

	"ups/runtime"
	"ups/runtime/api/upsv1"
	"ups/runtime/internal/messages"
	"ups/runtime/service"
)

// sessionService is SessionService.
type sessionService struct{ *Server }

// Connect holds a session open until the caller hangs up, or either server is
// closed.
func (s *sessionService) Connect(ctx context.Context, _ *connect.Request[upsv1.ConnectRequest], stream *connect.ServerStream[upsv1.ConnectResponse]) error {
	if s.closed() {
		return failed(errClosing)
	}
	who := identityOf(ctx)
	opened, err := s.opt.Service.Connect(ctx, who.Caller)
	if err != nil {
		return failed(err)
	}
	session := &session{Session: opened, owner: who.Name, caller: who.Caller, callers: s.callers}
	id := s.sessions.add(session)
	defer session.close()
	defer s.sessions.remove(id)
	return failedUnlessNil(s.notify(ctx, id, session, stream))
}

// notify sends the configuration, now and whenever it changes.
func (s *sessionService) notify(ctx context.Context, id string, session *session, stream *connect.ServerStream[upsv1.ConnectResponse]) error {
	for {
		configs, changed, err := session.Services(ctx)
		if err != nil {
			return err
		}
		m := &upsv1.ConnectResponse{Session: []byte(id), Services: encodeConfigs(configs), Server: session.caller.SID}
		if err := stream.Send(m); err != nil {
			return err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-s.closing:
			return errClosing
		case <-session.Done():
			return service.ErrClosed
		}
	}
}

func encodeConfigs(configs []runtime.ServiceConfig) []*upsv1.ServiceConfig {
	out := make([]*upsv1.ServiceConfig, len(configs))
	for i, c := range configs {
		out[i] = &upsv1.ServiceConfig{
			Service: c.Service, AuthorisationPolicy: uint32(c.AuthorisationPolicy),
			Major: uint32(c.Major), Minor: uint32(c.Minor),
		}
	}
	return out
}

// OpenSubsession opens a subsession.
func (s *sessionService) OpenSubsession(ctx context.Context, r *connect.Request[upsv1.OpenSubsessionRequest]) (*connect.Response[upsv1.OpenSubsessionResponse], error) {
	session, err := s.sessions.find(r.Msg.Session, identityOf(ctx))
	if err != nil {
		return nil, failed(err)
	}
	client, err := messages.DecodeClient(r.Msg.Client)
	if err != nil {
		return nil, failed(err)
	}
	id, err := session.open(client)
	if err != nil {
		return nil, failed(err)
	}
	return connect.NewResponse(&upsv1.OpenSubsessionResponse{Subsession: id}), nil
}

// CloseSubsession closes one, and returns when its request has ended.
func (s *sessionService) CloseSubsession(ctx context.Context, r *connect.Request[upsv1.CloseSubsessionRequest]) (*connect.Response[upsv1.CloseSubsessionResponse], error) {
	session, err := s.sessions.find(r.Msg.Session, identityOf(ctx))
	if err != nil {
		return nil, failed(err)
	}
	if err := session.closeSubsession(r.Msg.Subsession); err != nil {
		return nil, failed(err)
	}
	return connect.NewResponse(&upsv1.CloseSubsessionResponse{}), nil
}

// Authorise asks, in a session or in one of its own.
func (s *sessionService) Authorise(ctx context.Context, r *connect.Request[upsv1.AuthoriseRequest]) (*connect.Response[upsv1.AuthoriseResponse], error) {
	authorise := s.authoriseIn
	if len(r.Msg.Session) == 0 {
		authorise = s.authoriseAlone
	}
	outcome, err := authorise(ctx, r.Msg, messages.DecodeQuery(r.Msg.Query))
	answer := messages.EncodeOutcome(&outcome)
	if err != nil {
		return nil, failed(err, answer)
	}
	return connect.NewResponse(answer), nil
}

func (s *sessionService) authoriseIn(ctx context.Context, m *upsv1.AuthoriseRequest, q service.Query) (service.Outcome, error) {
	session, err := s.sessions.find(m.Session, identityOf(ctx))
	if err != nil {
		return service.Outcome{}, err
	}
	sub, err := session.subsession(m.Subsession)
	if err != nil {
		return service.Outcome{}, err
	}
	return sub.ask(ctx, m.ProcessGone, q)
}

// ask authorises. A process that has ended doesn't come back.
func (s *subsession) ask(ctx context.Context, gone bool, q service.Query) (service.Outcome, error) {
	if gone {
		s.gone.Store(true)
	}
	return s.Authorise(ctx, q)
}

// authoriseAlone asks in a session of its own.
func (s *sessionService) authoriseAlone(ctx context.Context, m *upsv1.AuthoriseRequest, q service.Query) (o service.Outcome, err error) {
	if s.closed() {
		return o, errClosing
	}
	client, err := messages.DecodeClient(m.Client)
	if err != nil {
		return o, err
	}
	session, err := s.opt.Service.Connect(ctx, identityOf(ctx).Caller)
	if err != nil {
		return o, err
	}
	defer func() {
		if closing := session.Close(); err == nil && !errors.Is(closing, service.ErrClosed) {
			err = closing
		}
	}()
	sub, err := openFor(session, client)
	if err != nil {
		return o, err
	}
	return sub.ask(ctx, m.ProcessGone, q)
}
