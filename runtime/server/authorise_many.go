package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	goruntime "runtime"

	"connectrpc.com/connect"

	"ups/runtime/api/upsv1"
	"ups/runtime/api/upsv1/upsv1connect"
	"ups/runtime/internal/messages"
)

// requestStream is a stream of AuthoriseMany. One goroutine may send while another
// receives.
type requestStream = connect.BidiStream[upsv1.AuthoriseManyRequest, upsv1.AuthoriseManyResponse]

// answersInMessage is how many answers are sent together at most.
const answersInMessage = 128

// AuthoriseMany asks for the requests of a stream. It ends when the caller has closed its
// side and all is answered, or when the server is closed.
func (s *sessionService) AuthoriseMany(ctx context.Context, stream *requestStream) error {
	if s.closed() {
		return failed(errClosing)
	}
	m := newStreamed(ctx, s.Server)
	defer m.close()
	received := make(chan error, 1)
	go func() { received <- m.receive(stream) }()
	return failedUnlessNil(m.send(stream, received))
}

// receive takes requests until the caller closes its side, or the stream ends.
func (m *streamed) receive(stream *requestStream) (err error) {
	defer m.recover(&err)
	for {
		message, err := stream.Receive()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		m.take(message)
	}
}

// recover makes a panic an error, as it is in the handler of a call.
func (m *streamed) recover(err *error) {
	if reason := recover(); reason != nil {
		*err = m.recovered(m.open, connect.Spec{Procedure: upsv1connect.SessionServiceAuthoriseManyProcedure}, nil, reason)
	}
}

// take begins the requests of a message, and cancels those that it names. Its caller is
// identified anew, as that of a call.
func (m *streamed) take(message *upsv1.AuthoriseManyRequest) {
	who, err := m.identify(peerIn(m.open))
	if err != nil {
		m.logRefused(m.open, upsv1connect.SessionServiceAuthoriseManyProcedure, err)
	}
	var in *session
	if err == nil {
		in, err = m.sessions.find(message.Session, who)
	}
	for _, r := range message.Requests {
		m.begin(who.Name, in, r, err)
	}
	m.cancelAll(message.Cancelled)
}

// begin begins a request, or answers it if there is an error.
func (m *streamed) begin(name string, in *session, r *upsv1.StreamedRequest, err error) {
	if !m.enter() {
		return // the end of the stream says why
	}
	release := func() {}
	if err == nil {
		release, err = m.admit(name)
	}
	if err == nil {
		err = m.start(in, r, release)
	}
	if err != nil {
		m.put(streamedAnswer{encodeAnswer(r.GetId(), nil, err), release, false})
		m.running.Done()
	}
}

// admit counts a request as a call of its own.
func (m *streamed) admit(name string) (release func(), err error) {
	release, err = m.callers.admit(name, aRequest)
	if err != nil {
		m.logRefused(m.open, upsv1connect.SessionServiceAuthoriseManyProcedure, err)
		release = func() {}
	}
	return release, err
}

// outcome asks for a request.
func (m *streamed) outcome(ctx context.Context, in *session, r *upsv1.StreamedRequest) (answer *upsv1.AuthoriseResponse, err error) {
	defer m.recover(&err)
	sub, err := in.subsession(r.GetSubsession())
	if err != nil {
		return nil, err
	}
	outcome, err := sub.ask(ctx, r.GetProcessGone(), messages.DecodeQuery(r.GetQuery()))
	return messages.EncodeOutcome(&outcome), err
}

// send sends answers until there are no more: once nothing more is received, or the
// server is closed, when the last has been sent. It returns how the stream ends.
func (m *streamed) send(stream *requestStream, received <-chan error) (end error) {
	if err := stream.Send(&upsv1.AuthoriseManyResponse{}); err != nil {
		return err
	}
	ending, closing := m.ending, m.closing
	for {
		select {
		case a, more := <-m.answers:
			if !more {
				return end
			}
			if err := m.sendFrom(stream, a); err != nil {
				return err
			}
		case <-ending:
			ending = nil
			if err := stream.Send(&upsv1.AuthoriseManyResponse{Ending: true}); err != nil {
				return err
			}
		case err := <-received:
			if err != nil {
				return err
			}
			received, ending, closing = nil, nil, nil
			m.last()
		case <-closing:
			received, ending, closing = nil, nil, nil
			end = errClosing
			m.last() // with the sessions, which are closed, the requests end
		case <-m.open.Done():
			return context.Cause(m.open)
		}
	}
}

// sendFrom sends an answer, and those that are there already, or about to be.
func (m *streamed) sendFrom(stream *requestStream, a streamedAnswer) error {
	goruntime.Gosched()
	message := &upsv1.AuthoriseManyResponse{}
	for more := true; more; {
		message.Answers = append(message.Answers, a.StreamedAnswer)
		m.sent(a)
		more = false
		if len(message.Answers) < answersInMessage {
			select {
			case a, more = <-m.answers:
			default:
			}
		}
	}
	return stream.Send(message)
}

// sent gives back what a request has held, and counts it as a completed call.
func (m *streamed) sent(a streamedAnswer) {
	a.release()
	if a.completed {
		readsIn(m.open).earn()
	}
}

// encodeAnswer makes the answer to a request, of which nothing may be known but the
// error.
func encodeAnswer(id uint64, answer *upsv1.AuthoriseResponse, err error) *upsv1.StreamedAnswer {
	m := &upsv1.StreamedAnswer{Id: id, Answer: answer}
	if err == nil {
		return m
	}
	if e := new(connect.Error); errors.As(err, &e) { // of the API: a limit, a caller who isn't known
		m.Error = &upsv1.StreamedError{Code: uint32(e.Code()), Message: e.Message()}
	} else {
		m.Error = &upsv1.StreamedError{Code: uint32(codeOf(err)), Message: named(err).Error(), Detail: messages.EncodeError(err)}
	}
	return m
}

// errSameID is for a request that has the id of another one under way.
func errSameID(id uint64) error {
	return fmt.Errorf("%w: another request under way has the id %d", messages.ErrInvalid, id)
}
