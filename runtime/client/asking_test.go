package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"ups/policy"
	"ups/runtime/api/upsv1"
	"ups/runtime/server"
	"ups/runtime/service"
)

// Each of many callers of a session gets the answer to its own request.
func TestManyCallers(t *testing.T) {
	m := newMachine(t)
	m.put(44, policy.No)
	m.start()
	session, _ := m.open(m.dial())
	var group sync.WaitGroup
	for i := range 100 {
		of, want := uint32(theService), policy.DecisionYes
		if i%2 == 0 {
			of, want = 44, policy.DecisionNo
		}
		sub, err := session.Open(service.Client{SID: uint32(i)})
		if err != nil {
			t.Fatal(err)
		}
		group.Go(func() {
			for range 50 {
				o, err := sub.Authorise(t.Context(), service.Query{Service: of, Destination: fmt.Sprint(i)})
				if o.Decision != want || o.Source != service.SourceSilent || err != nil {
					t.Errorf("caller %d: %+v, %v", i, o, err)
					return
				}
			}
		})
	}
	group.Wait()
	if n := len(session.asking.waiting); n != 0 {
		t.Errorf("%d requests are still thought to wait", n)
	}
}

// The stream of a session ends when the server has another session in its place.
func TestStreamOfFormerSession(t *testing.T) {
	m := newMachine(t)
	m.start()
	session, sub := m.open(m.dial())
	expectYes(t, "at first", sub)
	before := session.asking
	m.who.Caller.Capabilities |= service.ReadDeviceData
	expectYes(t, "in another session", sub)
	select {
	case <-before.ended:
	case <-time.After(time.Minute):
		t.Error("the former stream is still open")
	}
}

// What waits when the stream fails isn't sent any more.
func TestFailedStreamSendsNothing(t *testing.T) {
	a := &asking{more: make(chan struct{}, 1), waiting: map[uint64]*streamed{}}
	s, err := a.put(&upsv1.StreamedRequest{})
	if err != nil {
		t.Fatal(err)
	}
	a.fail(ErrInterrupted)
	if m, over := a.next(); m != nil || !over {
		t.Errorf("%v is sent, over %v", m, over)
	}
	if answer, err := a.answered(s, <-s.answer); !errors.Is(err, errUnsent) || !errors.Is(err, ErrInterrupted) {
		t.Errorf("%v, %v", answer, err)
	}
}

// An answer to what wasn't sent is none.
func TestAnswerToNothing(t *testing.T) {
	a := &asking{more: make(chan struct{}, 1), waiting: map[uint64]*streamed{}}
	s, err := a.put(&upsv1.StreamedRequest{})
	if err != nil {
		t.Fatal(err)
	}
	answer := &upsv1.AuthoriseManyResponse{Answers: []*upsv1.StreamedAnswer{{Id: a.last}}}
	a.take(answer)
	if m, _ := a.next(); len(m.GetRequests()) != 1 || len(s.answer) != 0 {
		t.Errorf("%v is sent, %d answers", m, len(s.answer))
	}
	a.take(answer)
	if len(s.answer) != 1 {
		t.Error("the answer isn't taken")
	}
}

// In a stream that is over nothing is asked.
func TestAskedTooLate(t *testing.T) {
	a := &asking{more: make(chan struct{}, 1), waiting: map[uint64]*streamed{}}
	a.finish()
	if answer, err := a.ask(t.Context(), &upsv1.StreamedRequest{}, time.Hour); answer != nil || err != errOver {
		t.Errorf("%v, %v", answer, err)
	}
}

// A message has as many requests as fit, to the byte, and at least one.
func TestFitting(t *testing.T) {
	of := func(sizes ...int) (queue []*upsv1.StreamedRequest) {
		for _, size := range sizes {
			r := &upsv1.StreamedRequest{Query: &upsv1.Query{Opaque: make([]byte, size)}}
			r.Query.Opaque = r.Query.Opaque[:2*size-proto.Size(r)]
			if proto.Size(r) != size {
				t.Fatalf("%d bytes, want %d", proto.Size(r), size)
			}
			queue = append(queue, r)
		}
		return queue
	}
	for _, c := range []struct {
		queue []*upsv1.StreamedRequest
		want  int
	}{
		{nil, 0},
		{of(maxStreamed), 1},
		{of(maxStreamed+1, 200), 1},
		{of(1000, maxStreamed-1000), 2},
		{of(1000, maxStreamed-999), 1},
		{of(1000, 1000, maxStreamed-2000, 200), 3},
	} {
		if n := fitting(c.queue); n != c.want {
			t.Errorf("%d of %d requests, want %d", n, len(c.queue), c.want)
		}
	}
}

// waiting has the server ask a user who doesn't answer.
func (m *machine) waiting() (asked chan struct{}) {
	m.put(theService, policy.Yes|policy.No)
	asked = make(chan struct{}, 10)
	m.opt.PlugIns = service.Registry{DialogCreators: map[uint32]service.DialogCreatorFactory{
		theCreator: func(uint32) (service.DialogCreator, error) { return silent(asked), nil },
	}}
	return asked
}

// A request that is too large for the server fails alone: not with those of its stream.
func TestLargeRequestFailsAlone(t *testing.T) {
	m := newMachine(t)
	asked := m.waiting()
	m.put(44, policy.Yes)
	m.limits.MessageBytes = server.LeastMessageBytes
	m.start()
	session, waiting := m.open(m.dial())
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error)
	go func() {
		_, err := waiting.Authorise(ctx, aQuery)
		result <- err
	}()
	<-asked
	large, err := session.Open(service.Client{SID: 1})
	if err != nil {
		t.Fatal(err)
	}
	for size, want := range map[int]bool{maxStreamed - 100: true, maxStreamed + 100: true, server.LeastMessageBytes: false} {
		o, err := large.Authorise(t.Context(), service.Query{Service: 44, Opaque: make([]byte, size)})
		if o.Decision.Allows() != want || want == (err != nil) || !want && connect.CodeOf(err) != connect.CodeResourceExhausted {
			t.Errorf("with %d bytes: %+v, %v", size, o, err)
		}
	}
	cancel()
	if err := <-result; !errors.Is(err, context.Canceled) {
		t.Errorf("the request that waited: %v", err)
	}
}

// Requests that come together are sent in messages that aren't too large.
func TestMessagesFit(t *testing.T) {
	m := newMachine(t)
	m.limits.MessageBytes = server.LeastMessageBytes
	m.start()
	session, _ := m.open(m.dial())
	var group sync.WaitGroup
	for range 100 {
		sub, err := session.Open(service.Client{SID: 1})
		if err != nil {
			t.Fatal(err)
		}
		group.Go(func() {
			for range 5 {
				if o, err := sub.Authorise(t.Context(), service.Query{Service: theService, Opaque: make([]byte, 1500)}); err != nil {
					t.Errorf("%+v, %v", o, err)
				}
			}
		})
	}
	group.Wait()
}

// While a server ends as it should and the next one starts, no request fails.
func TestServerThatEnds(t *testing.T) {
	m := newMachine(t)
	m.start()
	session, _ := m.open(m.dial())
	var over atomic.Bool
	var answers atomic.Int32
	var group sync.WaitGroup
	for range 8 {
		sub, err := session.Open(service.Client{SID: 1})
		if err != nil {
			t.Fatal(err)
		}
		group.Go(func() {
			for !over.Load() {
				if o, err := sub.Authorise(t.Context(), aQuery); !o.Decision.Allows() || err != nil {
					t.Errorf("%+v, %v", o, err)
					return
				}
				answers.Add(1)
			}
		})
	}
	for range 3 {
		for n := answers.Load(); answers.Load() < n+100; {
			time.Sleep(time.Millisecond)
		}
		m.end()
		m.start()
	}
	over.Store(true)
	group.Wait()
}

// end ends the server as ups serve does.
func (m *machine) end() {
	ended := make(chan error)
	go func(h *http.Server) { ended <- h.Shutdown(context.Background()) }(m.http)
	for end := time.Now().Add(time.Minute); m.service.Status().Requests > 0 && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(10 * time.Millisecond)
	m.api.Close()
	if err := <-ended; err != nil {
		m.t.Error(err)
	}
	m.service.Close()
}

// A request that the server doesn't end is given up after the time that it has, and the
// subsession goes on.
func TestGrace(t *testing.T) {
	m := newMachine(t)
	stuck, sub, ctx := m.stuck()
	defer close(stuck.release)
	start := time.Now()
	if o, err := sub.Authorise(ctx, aQuery); o.Decision.Allows() || !errors.Is(err, context.Canceled) || time.Since(start) > 30*time.Second {
		t.Errorf("%+v, %v after %v", o, err, time.Since(start))
	}
	if o, err := sub.Authorise(t.Context(), service.Query{Service: 44}); !o.Decision.Allows() || err != nil {
		t.Errorf("the next request: %+v, %v", o, err)
	}
}

// A request that was given up keeps its subsession in the server until it has ended, and
// no longer.
func TestLateRequestLeavesNothing(t *testing.T) {
	m := newMachine(t)
	m.limits.Subsessions = 1
	stuck, sub, ctx := m.stuck()
	if o, err := sub.Authorise(ctx, aQuery); !errors.Is(err, context.Canceled) {
		t.Errorf("%+v, %v", o, err)
	}
	next := func() error {
		_, err := sub.Authorise(t.Context(), service.Query{Service: 44})
		return err
	}
	if err := next(); connect.CodeOf(err) != connect.CodeResourceExhausted {
		t.Errorf("while the request goes on: %v", err)
	}
	close(stuck.release)
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(time.Millisecond) {
		err := next()
		if err == nil {
			return
		}
		if connect.CodeOf(err) != connect.CodeResourceExhausted || time.Now().After(end) {
			t.Fatalf("when the request has ended: %v", err)
		}
	}
}

// stuck starts a server whose dialog creator is deaf for a service, and whose other service
// answers by itself. The client waits for the end of a request for a short time; ctx is
// done once the dialog is there.
func (m *machine) stuck() (creator *deaf, sub *Subsession, ctx context.Context) {
	m.t.Helper()
	m.put(theService, policy.Yes|policy.No)
	m.put(44, policy.Yes)
	creator = &deaf{displayed: make(chan struct{}, 1), release: make(chan struct{})}
	m.opt.PlugIns = service.Registry{DialogCreators: map[uint32]service.DialogCreatorFactory{
		theCreator: func(uint32) (service.DialogCreator, error) { return creator, nil },
	}}
	m.opt.Limits.Grace = time.Minute
	m.start()
	_, sub = m.open(m.dial(func(o *Options) { o.Grace = 20 * time.Millisecond }))
	ctx, cancel := context.WithCancel(m.t.Context())
	go func() {
		<-creator.displayed
		cancel()
	}()
	return creator, sub, ctx
}

// deaf is a dialog creator that doesn't hear that its dialog isn't wanted any more.
type deaf struct{ displayed, release chan struct{} }

func (*deaf) Prepare(context.Context, *service.Prompt) error { return nil }

func (d *deaf) Display(context.Context, uint32) (service.Choice, error) {
	d.displayed <- struct{}{}
	<-d.release
	return service.Choice{}, nil
}
