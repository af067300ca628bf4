package server

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"connectrpc.com/connect"

	"ups/policy"
	"ups/runtime"
	"ups/runtime/api/upsv1"
	"ups/runtime/internal/messages"
	"ups/runtime/service"
)

// A request goes through both plug-ins, the second by the stored answer; the calls
// for one request have one id, and at its end the program is told.
func TestPlugInsThatArePrograms(t *testing.T) {
	a := newAttached(t, service.Limits{})
	var mu sync.Mutex
	var calls []*upsv1.PlugInCall
	noting := func(answer func(*upsv1.PlugInCall) *upsv1.PlugInResult) func(*upsv1.PlugInCall) *upsv1.PlugInResult {
		return func(c *upsv1.PlugInCall) *upsv1.PlugInResult {
			mu.Lock()
			defer mu.Unlock()
			calls = append(calls, c)
			return answer(c)
		}
	}
	evaluator := a.attach(evaluatorKind, theEvaluator, noting(evaluating))
	creator := a.attach(creatorKind, theCreator, noting(creating))

	o, err := a.authorise("x")
	if err != nil || o.Source != service.SourcePrompt || o.Decision != policy.DecisionSessionYes || o.Entity != "\xff" {
		t.Fatalf("%+v, %v", o, err)
	}
	o, err = a.authorise("x")
	if err != nil || o.Source != service.SourceStored {
		t.Fatalf("%+v, %v", o, err)
	}
	if end := evaluator.next().GetEnd().GetRequest(); end != 1 {
		t.Errorf("request %d ended", end)
	}
	if end := evaluator.next().GetEnd().GetRequest(); end != 2 {
		t.Errorf("request %d ended", end)
	}
	if end := creator.next().GetEnd().GetRequest(); end != 1 {
		t.Errorf("request %d of the dialog creator ended", end)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(calls) != 5 {
		t.Fatalf("%d calls", len(calls))
	}
	asked := calls[0].GetFingerprints()
	if asked.GetServer() != theServer || asked.GetClient().GetSid() != 0x80000001 || asked.GetQuery().GetDestination() != "x" ||
		string(asked.GetQuery().GetOpaque()) != "\x07" || asked.GetPolicy().GetOptions() != uint32(policy.AllOptions) {
		t.Errorf("asked %v", asked)
	}
	prompt := calls[1].GetPrepare()
	if string(prompt.GetEvaluation().GetData()) != "for the creator" || prompt.GetEvaluation().GetFingerprints()[0].GetDescription() != "this" {
		t.Errorf("prompt %v", prompt)
	}
	rec := calls[4].GetForcePrompt().GetRecord()
	if string(rec.GetFingerprint()) != "x" || rec.GetInfo() != 9 || rec.GetResult() != upsv1.Result_RESULT_ALWAYS {
		t.Errorf("record %v", rec)
	}
	requests := []uint64{}
	for _, c := range calls {
		requests = append(requests, c.GetRequest())
	}
	if !slices.Equal(requests, []uint64{1, 1, 1, 2, 2}) {
		t.Errorf("requests %v", requests)
	}
}

// fault is what a program does in the one request that is for "bad".
type fault struct {
	kind upsv1.PlugInKind
	on   func(*upsv1.PlugInCall) bool
	do   *upsv1.PlugInResult // nil for no answer
	want error
}

func fingerprints(c *upsv1.PlugInCall) bool { return c.GetFingerprints() != nil }
func prepare(c *upsv1.PlugInCall) bool      { return c.GetPrepare() != nil }
func display(c *upsv1.PlugInCall) bool      { return c.GetDisplay() != nil }

var errOwn = errors.New("its own")

var faults = map[string]fault{
	"no answer":        {evaluatorKind, fingerprints, nil, service.ErrPlugInTime},
	"no answer to 2":   {creatorKind, prepare, nil, service.ErrPlugInTime},
	"no answer to 3":   {creatorKind, display, nil, service.ErrPlugInTime},
	"id of nothing":    {evaluatorKind, fingerprints, &upsv1.PlugInResult{Id: 1 << 60}, service.ErrPlugInTime},
	"id to come":       {evaluatorKind, fingerprints, withID(evaluation(nil), 1000), service.ErrPlugInTime},
	"nothing":          {evaluatorKind, fingerprints, &upsv1.PlugInResult{}, messages.ErrInvalid},
	"other kind":       {evaluatorKind, fingerprints, choice(nil), messages.ErrInvalid},
	"other kind 2":     {creatorKind, prepare, choice(nil), messages.ErrInvalid},
	"other kind 3":     {creatorKind, display, evaluation(nil), messages.ErrInvalid},
	"error":            {evaluatorKind, fingerprints, failing(errOwn), errOwn},
	"platform's error": {creatorKind, prepare, failing(runtime.ErrMissingArgument), runtime.ErrMissingArgument},
	"panic":            {creatorKind, display, failing(service.ErrPlugInPanic), service.ErrPlugInPanic},
	"gone away":        {creatorKind, display, &upsv1.PlugInResult{Result: &upsv1.PlugInResult_NoAnswer{}}, service.ErrNoAnswer},
	"place":            {creatorKind, display, choice(&upsv1.Choice{Option: uint32(policy.Never), Fingerprint: 1}), runtime.ErrMissingArgument},
	"negative place":   {creatorKind, display, choice(&upsv1.Choice{Option: uint32(policy.Never), Fingerprint: -1}), runtime.ErrMissingArgument},
	"long own":         {creatorKind, display, choice(&upsv1.Choice{Option: 1, Own: print33()}), runtime.ErrBadFingerprintLength},
	"long fingerprint": {evaluatorKind, fingerprints, evaluation(&upsv1.Evaluation{Fingerprints: []*upsv1.Fingerprint{print33()}}), runtime.ErrBadFingerprintLength},
	"long entity":      {evaluatorKind, fingerprints, evaluation(&upsv1.Evaluation{Entity: make([]byte, 33)}), runtime.ErrBadClientEntityLength},
	"many":             {evaluatorKind, fingerprints, evaluation(&upsv1.Evaluation{Fingerprints: make([]*upsv1.Fingerprint, 257)}), messages.ErrInvalid},
}

func withID(r *upsv1.PlugInResult, id uint64) *upsv1.PlugInResult {
	r.Id = id
	return r
}

func failing(err error) *upsv1.PlugInResult {
	return &upsv1.PlugInResult{Result: &upsv1.PlugInResult_Error{Error: err.Error()}, Detail: messages.EncodeError(err)}
}

func print33() *upsv1.Fingerprint { return &upsv1.Fingerprint{Bytes: make([]byte, 33)} }

// Whatever a program answers fails that request alone, with an error that says
// what: one that is at work at the same time, and the next, are answered.
func TestFaultyPrograms(t *testing.T) {
	for name, f := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			limits := service.Limits{Grace: time.Millisecond}
			if f.want == service.ErrPlugInTime {
				limits.Evaluate, limits.Prepare, limits.Display = tooLong, tooLong, tooLong
			}
			a := newAttached(t, limits)
			a.attachFaulty(f)
			bad := a.begin(context.Background(), "bad")
			good, goodErr := a.insist("good")
			<-bad.done
			if bad.err == nil || !errors.Is(bad.err, f.want) && (f.want != errOwn || !strings.HasSuffix(bad.err.Error(), errOwn.Error())) {
				t.Errorf("%v, want %v", bad.err, f.want)
			}
			if goodErr != nil || good.Decision != policy.DecisionSessionYes {
				t.Errorf("beside it: %+v, %v", good, goodErr)
			}
			if o, err := a.insist("next"); err != nil || o.Decision != policy.DecisionSessionYes {
				t.Errorf("after it: %+v, %v", o, err)
			}
		})
	}
}

// tooLong is how long plug-ins have where one doesn't answer.
const tooLong = 300 * time.Millisecond

// insist asks again if a plug-in has taken too long, as those that are well do where
// the machine stalls.
func (a *attached) insist(destination string) (o service.Outcome, err error) {
	for range 10 {
		if o, err = a.authorise(destination); !errors.Is(err, service.ErrPlugInTime) {
			break
		}
	}
	return o, err
}

// attachFaulty attaches both plug-ins, one with a fault.
func (a *attached) attachFaulty(f fault) {
	bad := map[uint64]bool{} // requests, of the dialog creator: it has one at a time
	a.attach(evaluatorKind, theEvaluator, func(c *upsv1.PlugInCall) *upsv1.PlugInResult {
		if f.kind == evaluatorKind && f.on(c) && c.GetFingerprints().GetQuery().GetDestination() == "bad" {
			return f.do
		}
		return evaluating(c)
	})
	a.attach(creatorKind, theCreator, func(c *upsv1.PlugInCall) *upsv1.PlugInResult {
		if c.GetPrepare().GetRequest().GetQuery().GetDestination() == "bad" {
			bad[c.GetRequest()] = true
		}
		if f.kind == creatorKind && f.on(c) && bad[c.GetRequest()] {
			return f.do
		}
		return creating(c)
	})
}

// ForcePrompt, of a record that is there.
func TestFaultyForcePrompt(t *testing.T) {
	a := newAttached(t, service.Limits{})
	answer := evaluation(nil)
	a.attach(evaluatorKind, theEvaluator, func(c *upsv1.PlugInCall) *upsv1.PlugInResult {
		if c.GetForcePrompt() != nil {
			return answer
		}
		return evaluating(c)
	})
	a.attach(creatorKind, theCreator, creating)
	if _, err := a.authorise("x"); err != nil {
		t.Fatal(err)
	}
	if o, err := a.authorise("x"); !errors.Is(err, messages.ErrInvalid) || o.Decision != policy.DecisionNo {
		t.Errorf("%+v, %v", o, err)
	}
	answer = &upsv1.PlugInResult{Result: &upsv1.PlugInResult_Forced{Forced: &upsv1.Forced{Force: true}}}
	if o, err := a.authorise("x"); err != nil || !o.Forced || o.Source != service.SourcePrompt {
		t.Errorf("%+v, %v", o, err)
	}
}

// A program that goes away fails the requests that it is at work for; those that
// come find none, until there is another one.
func TestProgramThatGoesAway(t *testing.T) {
	for _, away := range []struct {
		name string
		do   func(*program)
	}{
		{"cut", func(p *program) { p.stream.CloseResponse() }},
		{"closed", func(p *program) { p.stream.CloseRequest() }},
		{"invalid", func(p *program) { p.stream.Send(attachAs(evaluatorKind, theEvaluator)) }},
		{"empty", func(p *program) { p.stream.Send(&upsv1.AttachRequest{}) }},
	} {
		t.Run(away.name, func(t *testing.T) {
			a := newAttached(t, service.Limits{})
			a.attach(creatorKind, theCreator, creating)
			called := make(chan bool, 3)
			p := a.attach(evaluatorKind, theEvaluator, func(*upsv1.PlugInCall) *upsv1.PlugInResult {
				called <- true
				return nil
			})
			var requests []*authorising
			for range 3 {
				requests = append(requests, a.begin(context.Background(), "x"))
				<-called
			}
			away.do(p)
			for _, r := range requests {
				<-r.done
				if !errors.Is(r.err, service.ErrPlugInGone) || r.outcome.Decision != policy.DecisionNo {
					t.Errorf("%+v, %v", r.outcome, r.err)
				}
			}
			if _, err := a.authorise("x"); !errors.Is(err, runtime.ErrMissingPolicyEvaluator) {
				t.Errorf("without a program: %v", err)
			}
			a.attach(evaluatorKind, theEvaluator, evaluating)
			if o, err := a.authorise("x"); err != nil || o.Decision != policy.DecisionSessionYes {
				t.Errorf("with another: %+v, %v", o, err)
			}
		})
	}
}

// A dialog creator that isn't there any more.
func TestNoDialogCreator(t *testing.T) {
	a := newAttached(t, service.Limits{})
	a.attach(evaluatorKind, theEvaluator, evaluating)
	if _, err := a.authorise("x"); !errors.Is(err, runtime.ErrMissingDialogCreator) {
		t.Error(err)
	}
	p := a.attach(creatorKind, theCreator, creating)
	if _, err := a.authorise("x"); err != nil {
		t.Error(err)
	}
	p.stream.CloseResponse()
	for a.plugIns.find(PlugIn{DialogCreator, theCreator}) != nil {
		time.Sleep(time.Millisecond)
	}
	if _, err := a.authorise("y"); !errors.Is(err, runtime.ErrMissingDialogCreator) {
		t.Error(err)
	}
}

// Who may attach, as what, and with which first message.
func TestWhoMayAttach(t *testing.T) {
	a := newAttached(t, service.Limits{})
	a.attach(evaluatorKind, theEvaluator, evaluating)
	for name, c := range map[string]struct {
		first *upsv1.AttachRequest
		want  connect.Code
	}{
		"second program": {attachAs(evaluatorKind, theEvaluator), connect.CodeAlreadyExists},
		"other UID":      {attachAs(evaluatorKind, theEvaluator+1), connect.CodePermissionDenied},
		"other kind":     {attachAs(creatorKind, theEvaluator), connect.CodePermissionDenied},
		"no kind":        {attachAs(0, theEvaluator), connect.CodeInvalidArgument},
		"unknown kind":   {attachAs(3, theEvaluator), connect.CodeInvalidArgument},
		"a result":       {&upsv1.AttachRequest{Message: &upsv1.AttachRequest_Result{Result: &upsv1.PlugInResult{}}}, connect.CodeInvalidArgument},
		"nothing":        {&upsv1.AttachRequest{}, connect.CodeInvalidArgument},
	} {
		s := a.dial()
		if err := says(s, c.first); connect.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	a.attach(creatorKind, theCreator, creating)
	if o, err := a.authorise("x"); err != nil || o.Decision != policy.DecisionSessionYes {
		t.Errorf("%+v, %v", o, err)
	}
}

// Who may be a plug-in no more, since the configuration has changed, is detached; the
// others stay.
func TestMayAttachNoMore(t *testing.T) {
	var without atomic.Bool
	a := newAttached(t, service.Limits{}, func(o *Options) {
		o.Identify = identify(func(p Peer) (Identity, error) {
			id, err := mayAttach(p)
			if without.Load() {
				id.PlugIns = id.PlugIns[:1]
			}
			return id, err
		})
	})
	evaluator := a.dial()
	if err := says(evaluator, attachAs(evaluatorKind, theEvaluator)); err != nil {
		t.Fatal(err)
	}
	a.server.IdentitiesChanged() // nothing has
	if a.plugIns.find(PlugIn{PolicyEvaluator, theEvaluator}) == nil {
		t.Fatal("a change of nothing detaches")
	}
	without.Store(true)
	a.server.IdentitiesChanged()
	if _, err := evaluator.Receive(); connect.CodeOf(err) != connect.CodeNotFound {
		t.Errorf("%v", err)
	}
	if err := says(a.dial(), attachAs(evaluatorKind, theEvaluator)); err != nil {
		t.Errorf("what is still allowed: %v", err)
	}
	if err := says(a.dial(), attachAs(creatorKind, theCreator)); connect.CodeOf(err) != connect.CodePermissionDenied {
		t.Errorf("what isn't: %v", err)
	}
}

// A request that is cancelled is over at once; the program is told which call, and
// that the request has ended.
func TestCancelledRequest(t *testing.T) {
	a := newAttached(t, service.Limits{Grace: time.Millisecond})
	a.attach(evaluatorKind, theEvaluator, evaluating)
	called := make(chan *upsv1.PlugInCall, 1)
	p := a.attach(creatorKind, theCreator, func(c *upsv1.PlugInCall) *upsv1.PlugInResult {
		if c.GetPrepare() != nil {
			return creating(c)
		}
		called <- c
		return nil
	})
	ctx, cancel := context.WithCancel(context.Background())
	r := a.begin(ctx, "x")
	shown := <-called
	cancel()
	<-r.done
	if !errors.Is(r.err, context.Canceled) {
		t.Error(r.err)
	}
	// In any order: the request ends without waiting for the program.
	var cancelled, ended uint64
	for range 2 {
		m := p.next()
		cancelled, ended = max(cancelled, m.GetCancel().GetId()), max(ended, m.GetEnd().GetRequest())
	}
	if cancelled != shown.GetId() || ended != shown.GetRequest() {
		t.Errorf("cancelled %d, ended %d, of %v", cancelled, ended, shown)
	}
}

// The next dialog waits until the program has made the one vanish that was
// cancelled.
func TestOneDialogAtATime(t *testing.T) {
	a := newAttached(t, service.Limits{Grace: time.Minute})
	a.attach(evaluatorKind, theEvaluator, evaluating)
	called := make(chan *upsv1.PlugInCall, 2)
	p := a.attach(creatorKind, theCreator, func(c *upsv1.PlugInCall) *upsv1.PlugInResult {
		if c.GetPrepare() != nil {
			return creating(c)
		}
		called <- c
		return nil
	})
	ctx, cancel := context.WithCancel(context.Background())
	first := a.begin(ctx, "x")
	shown := <-called
	second := a.begin(context.Background(), "y")
	cancel()
	if id := p.next().GetCancel().GetId(); id != shown.GetId() {
		t.Errorf("%d cancelled", id)
	}
	select {
	case c := <-called:
		t.Fatalf("a second dialog: %v", c)
	case <-first.done:
		t.Fatal("the request has ended with its dialog up")
	case <-time.After(50 * time.Millisecond):
	}
	p.send(withID(choice(&upsv1.Choice{Option: uint32(policy.Yes)}), shown.GetId()))
	<-first.done
	if first.outcome.Decision != policy.DecisionNo || !errors.Is(first.err, context.Canceled) {
		t.Errorf("%+v, %v", first.outcome, first.err)
	}
	p.send(withID(choice(&upsv1.Choice{Option: uint32(policy.Yes)}), (<-called).GetId()))
	<-second.done
	if second.err != nil || second.outcome.Decision != policy.DecisionYes {
		t.Errorf("%+v, %v", second.outcome, second.err)
	}
}

func (p *program) send(r *upsv1.PlugInResult) {
	p.stream.Send(&upsv1.AttachRequest{Message: &upsv1.AttachRequest_Result{Result: r}})
}

// A program that takes nothing fails its requests in their time, and nothing of
// them is kept.
func TestProgramThatTakesNothing(t *testing.T) {
	a := newAttached(t, service.Limits{Evaluate: 300 * time.Millisecond, Grace: time.Millisecond})
	s := a.dial()
	if err := says(s, attachAs(evaluatorKind, theEvaluator)); err != nil {
		t.Fatal(err)
	}
	a.opaque = make([]byte, 60<<10) // together more than fits between the two
	const requests = 100
	for range 2 {
		var all []*authorising
		for range requests {
			all = append(all, a.begin(context.Background(), "x"))
		}
		for _, r := range all {
			<-r.done
			if !errors.Is(r.err, service.ErrPlugInTime) {
				t.Fatal(r.err)
			}
		}
	}
	at := a.plugIns.find(PlugIn{PolicyEvaluator, theEvaluator})
	at.mu.Lock()
	defer at.mu.Unlock()
	unsent := 0
	for _, o := range at.queue {
		if o.call != nil {
			unsent++
		}
	}
	// Where the machine stalls, the time of some is over before they are calls.
	if unsent > 0 || at.ids < requests || at.ids > 2*requests {
		t.Errorf("%d of %d calls are still to be sent", unsent, at.ids)
	}
}

// Who says nothing, or is attached when the server is closed, is told.
func TestAttachedToServerThatCloses(t *testing.T) {
	a := newAttached(t, service.Limits{})
	silent := a.dial()
	silent.Send(nil)
	s := a.dial()
	if err := says(s, attachAs(evaluatorKind, theEvaluator)); err != nil {
		t.Fatal(err)
	}
	a.server.Close()
	for name, s := range map[string]*stream{"silent": silent, "attached": s} {
		if _, err := s.Receive(); connect.CodeOf(err) != connect.CodeUnavailable || errors.Is(err, io.EOF) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What waits to be sent isn't sent any more once the program is detached, however much
// there is.
func TestNothingIsSentAfterwards(t *testing.T) {
	a := newAttachment()
	r := a.newRequest()
	r.begin(&upsv1.PlugInCall{})
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("detached")
	cancel(why)
	if err := a.send(ctx, nil); err != why { // it would need the stream to send
		t.Errorf("%v, want %v", err, why)
	}
}

// To hang up is no error.
func TestHangUpOfAProgram(t *testing.T) {
	s := newAttached(t, service.Limits{}).dial()
	if err := says(s, attachAs(evaluatorKind, theEvaluator)); err != nil {
		t.Fatal(err)
	}
	s.CloseRequest()
	if m, err := s.Receive(); !errors.Is(err, io.EOF) {
		t.Errorf("%v, %v", m, err)
	}
}

// A program that doesn't say what it is, is refused in time.
func TestSlowAttachment(t *testing.T) {
	t.Parallel()
	s := newAttached(t, service.Limits{}).dial()
	if err := s.Send(nil); err != nil { // the headers
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		_, err := s.Receive()
		ended <- err
	}()
	select {
	case err := <-ended:
		expectCode(t, "it ends", err, connect.CodeDeadlineExceeded)
	case <-time.After(attachTime + 20*time.Second):
		t.Error("it waits on")
	}
}
