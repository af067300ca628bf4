package server

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"connectrpc.com/connect"

	"ups/policy"
	"ups/runtime"
	"ups/runtime/api/upsv1"
	"ups/runtime/api/upsv1/upsv1connect"
	"ups/runtime/service"
)

const waitingService = 44 // its policy prompts

// streaming is a caller with a stream of requests, in a session with two subsessions.
type streaming struct {
	*fixture
	client      upsv1connect.SessionServiceClient
	session     []byte
	subsessions [2]uint64
	stream      *connect.BidiStreamForClient[upsv1.AuthoriseManyRequest, upsv1.AuthoriseManyResponse]
	hangUp      func()
	dialogs     chan chan policy.Options // gets one with each dialog; it takes the answer
}

// newStreaming returns one whose server may be different from others.
func newStreaming(t *testing.T, change ...func(*Options)) *streaming {
	t.Helper()
	return newStreamingOf(t, nil, change...)
}

func newStreamingOf(t *testing.T, observe func(context.Context, service.Outcome, error), change ...func(*Options)) *streaming {
	t.Helper()
	s := &streaming{dialogs: make(chan chan policy.Options, 10)}
	s.fixture = newService(t, func(o *service.Options) {
		o.OnOutcome = observe
		o.PlugIns = service.Registry{DialogCreators: map[uint32]service.DialogCreatorFactory{
			1: func(uint32) (service.DialogCreator, error) { return asked(s.dialogs), nil },
		}}
	})
	s.put(waitingService, policy.Yes|policy.No)
	if err := s.store.Reload(); err != nil {
		t.Fatal(err)
	}
	s.newServer(change...)
	s.listen()
	s.client = s.sessions()
	s.openSession()
	s.openStream()
	return s
}

func (s *streaming) openSession() {
	s.t.Helper()
	connected, err := s.client.Connect(s.t.Context(), connect.NewRequest(&upsv1.ConnectRequest{}))
	if err != nil || !connected.Receive() {
		s.t.Fatal(err, connected.Err())
	}
	s.session = connected.Msg().Session
	for i := range s.subsessions {
		opened, err := s.client.OpenSubsession(s.t.Context(), connect.NewRequest(&upsv1.OpenSubsessionRequest{Session: s.session, Client: &upsv1.Client{Sid: 1}}))
		if err != nil {
			s.t.Fatal(err)
		}
		s.subsessions[i] = opened.Msg.Subsession
	}
}

func (s *streaming) openStream() {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.t.Context())
	stream := s.client.AuthoriseMany(ctx)
	s.stream, s.hangUp = stream, func() {
		cancel()
		_ = stream.CloseResponse() // the context alone does nothing once the answer has begun
	}
	s.t.Cleanup(s.hangUp)
	s.sendMessage(&upsv1.AuthoriseManyRequest{})
	if m, err := s.stream.Receive(); err != nil || len(m.Answers) != 0 {
		s.t.Fatalf("the first message: %v, %v", m, err)
	}
}

// asked is a dialog creator whose answers come from a channel.
type asked chan<- chan policy.Options

func (asked) Prepare(context.Context, *service.Prompt) error { return nil }

func (a asked) Display(ctx context.Context, _ uint32) (service.Choice, error) {
	answer := make(chan policy.Options)
	a <- answer
	select {
	case o := <-answer:
		return service.Choice{Option: o}, nil
	case <-ctx.Done():
		return service.Choice{}, context.Cause(ctx)
	}
}

// request is one in the first or second subsession.
func (s *streaming) request(id uint64, subsession int, of uint32) *upsv1.StreamedRequest {
	return &upsv1.StreamedRequest{Id: id, Subsession: s.subsessions[subsession], Query: &upsv1.Query{Service: of, Destination: "x"}}
}

func (s *streaming) send(requests ...*upsv1.StreamedRequest) {
	s.t.Helper()
	s.sendMessage(&upsv1.AuthoriseManyRequest{Session: s.session, Requests: requests})
}

func (s *streaming) sendMessage(m *upsv1.AuthoriseManyRequest) {
	s.t.Helper()
	if err := s.stream.Send(m); err != nil {
		s.t.Fatal(err)
	}
}

// expect receives so many answers as there are, which may come in any order. What is
// expected is "yes", or a code of gRPC.
func (s *streaming) expect(when string, want map[uint64]string) {
	s.t.Helper()
	got := map[uint64]string{}
	for len(got) < len(want) {
		m, err := s.stream.Receive()
		if err != nil {
			s.t.Fatalf("%s: %v, after %v, want %v", when, err, got, want)
		}
		for _, a := range m.Answers {
			got[a.Id] = said(a)
		}
	}
	if !maps.Equal(got, want) {
		s.t.Errorf("%s: %v, want %v", when, got, want)
	}
}

func said(a *upsv1.StreamedAnswer) string {
	switch {
	case a.Error != nil && a.Answer != nil && a.Answer.Decision != upsv1.Decision_DECISION_NO:
		return "an error with " + a.Answer.Decision.String()
	case a.Error != nil:
		return connect.Code(a.Error.Code).String()
	case a.Answer.GetDecision() == upsv1.Decision_DECISION_YES:
		return "yes"
	}
	return a.Answer.GetDecision().String()
}

// atRest waits until no request is under way, and the caller holds none of its limit.
func (s *streaming) atRest() {
	s.t.Helper()
	s.await("nothing is under way", func() bool {
		return s.service.Status().Requests == 0 && s.held(aRequest) == 0
	})
}

func (s *streaming) held(r resource) int {
	s.server.callers.mu.Lock()
	defer s.server.callers.mu.Unlock()
	if k := s.server.callers.byName["messages"]; k != nil {
		return k.held[r]
	}
	return 0
}

// Each request of a stream has its answer, or its error, and a request that waits holds
// no other up.
func TestAuthoriseMany(t *testing.T) {
	s := newStreaming(t)
	s.send(s.request(1, 0, waitingService))
	answer := <-s.dialogs
	unknown := s.request(3, 0, theService)
	unknown.Subsession = 77
	s.send(s.request(2, 1, theService), unknown, s.request(4, 0, theService), s.request(1, 1, theService))
	s.expect("while one waits", map[uint64]string{2: "yes", 3: "not_found", 4: "failed_precondition", 1: "invalid_argument"})
	s.sendMessage(&upsv1.AuthoriseManyRequest{Session: []byte("nobody's"), Requests: []*upsv1.StreamedRequest{s.request(5, 1, theService)}})
	s.expect("in no session", map[uint64]string{5: "not_found"})
	answer <- policy.Yes
	s.expect("once the user has answered", map[uint64]string{1: "yes"})
	s.send(s.request(1, 0, theService))
	s.expect("with an id that was used", map[uint64]string{1: "yes"})
	s.atRest()
}

// Errors have the platform's value, as those of calls.
func TestStreamedErrors(t *testing.T) {
	s := newStreaming(t)
	r := s.request(1, 0, theService)
	r.Query.Destination = strings.Repeat("x", 3000)
	s.send(r)
	m, err := s.stream.Receive()
	if err != nil {
		t.Fatal(err)
	}
	detail := m.Answers[0].Error.GetDetail()
	if want := service.Code(runtime.ErrDestinationTooLong); detail.GetCode() != want || detail.GetName() != service.CodeName(runtime.ErrDestinationTooLong) {
		t.Errorf("%v, want the code %d", m, want)
	}
}

// A request is cancelled by its id, alone; and it is answered.
func TestStreamedCancel(t *testing.T) {
	s := newStreaming(t)
	s.send(s.request(1, 0, waitingService))
	<-s.dialogs
	s.send(s.request(2, 1, waitingService))
	s.sendMessage(&upsv1.AuthoriseManyRequest{Session: s.session, Cancelled: []uint64{1, 7}})
	s.expect("one is cancelled", map[uint64]string{1: "canceled"})
	<-s.dialogs <- policy.Yes
	s.expect("the other", map[uint64]string{2: "yes"})
	s.atRest()
}

// Who hangs up has cancelled all; who closes their side is answered what is under way.
func TestStreamEnds(t *testing.T) {
	s := newStreaming(t)
	s.send(s.request(1, 0, waitingService))
	<-s.dialogs
	s.hangUp()
	s.atRest()
	s.openStream()
	s.send(s.request(1, 0, waitingService))
	answer := <-s.dialogs
	if err := s.stream.CloseRequest(); err != nil {
		t.Fatal(err)
	}
	answer <- policy.Yes
	s.expect("after the caller has closed its side", map[uint64]string{1: "yes"})
	if m, err := s.stream.Receive(); !errors.Is(err, io.EOF) {
		t.Errorf("after the last answer: %v, %v", m, err)
	}
	s.atRest()
}

// Each request of a stream counts as a call, and streams count.
func TestStreamedLimits(t *testing.T) {
	s := newStreaming(t, func(o *Options) { o.Limits.Requests, o.Limits.Sessions = 1, 1 })
	s.send(s.request(1, 0, waitingService))
	<-s.dialogs
	s.send(s.request(2, 1, theService))
	s.expect("one too many", map[uint64]string{2: "resource_exhausted"})
	s.sendMessage(&upsv1.AuthoriseManyRequest{Session: s.session, Cancelled: []uint64{1}})
	s.expect("it is cancelled", map[uint64]string{1: "canceled"})
	for range 100 {
		s.send(s.request(3, 1, theService))
		s.expect("then", map[uint64]string{3: "yes"})
	}
	second := s.client.AuthoriseMany(t.Context())
	if err := second.Send(&upsv1.AuthoriseManyRequest{Session: s.session}); err != nil && !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	if _, err := second.Receive(); connect.CodeOf(err) != connect.CodeResourceExhausted {
		t.Errorf("a second stream: %v", err)
	}
}

// The rate is that of requests, however many are in a message.
func TestStreamedRate(t *testing.T) {
	const burst = 10
	s := newStreaming(t, func(o *Options) { o.Limits.Rate, o.Limits.Burst = 1e-9, burst })
	want := map[uint64]string{}
	var requests []*upsv1.StreamedRequest
	for id := uint64(1); id <= burst; id++ {
		want[id] = "resource_exhausted"
		unknown := s.request(id, 0, theService)
		unknown.Subsession = 77
		requests = append(requests, unknown)
	}
	for id := uint64(1); id <= burst-4; id++ { // less the calls that open sessions and streams
		want[id] = "not_found"
	}
	s.send(requests...)
	s.expect("over the rate", want)
}

// Who a caller is counts in each message, whatever it was when the stream began.
func TestStreamedIdentity(t *testing.T) {
	var now atomic.Pointer[identify]
	change := func(to identify) { now.Store(&to) }
	change(known)
	log := &logText{}
	s := newStreaming(t, func(o *Options) {
		o.Log = slog.New(slog.NewTextHandler(log, nil))
		o.Identify = identify(func(p Peer) (Identity, error) { return (*now.Load())(p) })
	})
	s.send(s.request(1, 0, theService))
	s.expect("at first", map[uint64]string{1: "yes"})
	change(func(Peer) (Identity, error) { return Identity{}, errors.New("nobody") })
	s.send(s.request(2, 0, theService))
	s.expect("as nobody", map[uint64]string{2: "unauthenticated"})
	expectLogged(t, log, "call refused", "procedure="+upsv1connect.SessionServiceAuthoriseManyProcedure, "nobody")
	change(func(p Peer) (Identity, error) {
		id, err := known(p)
		id.Name = "another"
		return id, err
	})
	s.send(s.request(3, 0, theService))
	s.expect("as another", map[uint64]string{3: "not_found"})
	change(func(p Peer) (Identity, error) {
		id, err := known(p)
		id.Caller.Capabilities = 0
		return id, err
	})
	s.send(s.request(4, 0, theService))
	s.expect("with fewer capabilities", map[uint64]string{4: "not_found"})
	s.atRest()
}

// A panic fails its request, or the stream, and the server goes on.
func TestStreamedPanic(t *testing.T) {
	var outcomes, panics atomic.Bool
	s := newStreamingOf(t, func(context.Context, service.Outcome, error) {
		if outcomes.Load() {
			panic("an outcome")
		}
	}, func(o *Options) {
		o.Identify = identify(func(p Peer) (Identity, error) {
			if panics.CompareAndSwap(true, false) {
				panic("an identity")
			}
			return known(p)
		})
	})
	outcomes.Store(true)
	s.send(s.request(1, 0, theService))
	s.expect("with a panic", map[uint64]string{1: "internal"})
	outcomes.Store(false)
	s.send(s.request(2, 1, theService))
	s.expect("afterwards", map[uint64]string{2: "yes"})
	s.send(s.request(5, 0, waitingService)) // it is cancelled with the stream
	<-s.dialogs
	panics.Store(true)
	s.send(s.request(3, 1, theService))
	if m, err := s.stream.Receive(); connect.CodeOf(err) != connect.CodeInternal {
		t.Errorf("the stream: %v, %v", m, err)
	}
	s.atRest()
	s.openStream()
	s.send(s.request(4, 1, theService))
	s.expect("in the next stream", map[uint64]string{4: "yes"})
}

// Requests earn what calls do, unless they are taken back or refused.
func TestStreamedRequestsEarn(t *testing.T) {
	s := newStreaming(t, func(o *Options) { o.Peer = users(1) })
	left := func() float64 { return s.server.open.readsOf("uid 1") }
	for range 1000 {
		s.send(s.request(1, 0, theService))
		s.expect("one after the other", map[uint64]string{1: "yes"})
	}
	if n := left(); n < readsAtOnce-readsOfCall {
		t.Errorf("after 1,000 requests %v reads are left of %d", n, readsAtOnce)
	}
	spent := func(what string, one func()) {
		t.Helper()
		// Over time reads are given back: it must take less than it costs.
		s.server.open.spend("uid 1", readsAtOnce/2)
		before, start := left(), time.Now()
		for range 200 {
			one()
		}
		if n := left() - before - readsASecond*time.Since(start).Seconds(); n > -200 {
			t.Errorf("%s changes the reads that are left by %v", what, n)
		}
	}
	spent("to take requests back", func() {
		s.send(s.request(1, 0, waitingService))
		<-s.dialogs
		s.sendMessage(&upsv1.AuthoriseManyRequest{Session: s.session, Cancelled: []uint64{1}})
		s.expect("taken back", map[uint64]string{1: "canceled"})
	})
	spent("to ask in no session", func() {
		s.sendMessage(&upsv1.AuthoriseManyRequest{Requests: []*upsv1.StreamedRequest{s.request(5, 1, theService)}})
		s.expect("in no session", map[uint64]string{5: "not_found"})
	})
}

// spend takes reads of a peer.
func (o *connections) spend(name string, n float64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	of := &o.byPeer[name].reads
	of.mu.Lock()
	defer of.mu.Unlock()
	of.left -= n
}

// A server that is to end says so; it answers what comes until the caller closes its
// side.
func TestStreamOfServerThatEnds(t *testing.T) {
	s := newStreaming(t)
	s.send(s.request(1, 0, waitingService))
	answer := <-s.dialogs
	over := make(chan error, 1)
	go func() { over <- s.api.Shutdown(context.Background()) }()
	m, err := s.stream.Receive()
	if err != nil || !m.Ending {
		t.Fatalf("%v, %v", m, err)
	}
	s.send(s.request(2, 1, theService))
	s.expect("sent before the caller knew", map[uint64]string{2: "yes"})
	if err := s.stream.CloseRequest(); err != nil {
		t.Fatal(err)
	}
	answer <- policy.Yes
	s.expect("under way", map[uint64]string{1: "yes"})
	if m, err := s.stream.Receive(); !errors.Is(err, io.EOF) {
		t.Errorf("%v, %v", m, err)
	}
	s.server.Close() // and with it the session
	if err := <-over; err != nil {
		t.Error(err)
	}
}

// A server that is closed cancels requests, and says why, even to callers who go on.
func TestStreamOfClosedServer(t *testing.T) {
	s := newStreaming(t)
	s.send(s.request(1, 0, waitingService))
	<-s.dialogs
	s.server.Close()
	s.expect("under way", map[uint64]string{1: "unavailable"})
	if m, err := s.stream.Receive(); connect.CodeOf(err) != connect.CodeUnavailable {
		t.Errorf("the stream: %v, %v", m, err)
	}
	s.atRest()
}

// Once the last requests have begun, or the stream is over, none begins.
func TestNoRequestAfterTheLast(t *testing.T) {
	for name, end := range map[string]func(*streamed){"last": (*streamed).last, "close": (*streamed).close} {
		m := newStreamed(t.Context(), new(Server))
		if !m.enter() {
			t.Errorf("%s: the first doesn't begin", name)
		}
		m.running.Done()
		end(m)
		if m.enter() {
			t.Errorf("%s: another one begins", name)
		}
		m.over()
	}
}

// A caller that takes no answers is dropped, and holds nothing then.
func TestAnswersThatNobodyTakes(t *testing.T) {
	t.Parallel()
	s := newStreaming(t, func(o *Options) { o.Peer = users(1, 2) })
	s.hangUp()
	c := s.connect()
	noWindow := frame(frameSettings, 0, 0, []byte{0, 4, 0, 0, 0, 0})
	waiting := enveloped(marshal(t, &upsv1.AuthoriseManyRequest{Session: s.session, Requests: []*upsv1.StreamedRequest{s.request(2, 1, waitingService)}}))
	question := enveloped(marshal(t, &upsv1.AuthoriseManyRequest{Session: s.session, Requests: []*upsv1.StreamedRequest{s.request(1, 0, theService)}}))
	begin := http2Preface + string(slices.Concat(noWindow, call(upsv1connect.SessionServiceAuthoriseManyProcedure, "application/connect+proto")))
	write(t, c, begin+string(frame(frameData, 0, 1, waiting)))
	for range 2 * answersWaiting {
		write(t, c, string(frame(frameData, 0, 1, question)))
	}
	if !ends(t, c, 1, callerTime+20*time.Second) {
		t.Error("the stream hasn't ended")
	}
	s.atRest()
	s.await("the stream is counted no more", func() bool { return s.held(aStream) == 0 })
}
