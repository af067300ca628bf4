package server

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"ups/runtime/api/upsv1"
	"ups/runtime/service"
)

// The result of a call that was cancelled is waited for, so that a dialog has vanished
// before the next: until it comes, the program goes away, or it takes too long.
func TestCancelledCall(t *testing.T) {
	why := errors.New("cancelled")
	for name, c := range map[string]struct {
		then func(*attachment)
		took time.Duration
	}{
		"answered": {func(a *attachment) { a.take(&upsv1.PlugInResult{Id: 1}) }, time.Second},
		"gone":     {func(a *attachment) { close(a.gone) }, time.Second},
		"neither":  {func(*attachment) {}, cancelledTime},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := newAttachment()
				ctx, cancel := context.WithCancelCause(t.Context())
				got := make(chan error, 1)
				go func() {
					_, err := a.newRequest().call(service.WithRequest(ctx, t.Context()), &upsv1.PlugInCall{})
					got <- err
				}()
				synctest.Wait()
				if m := a.next(); m.GetCall().GetId() != 1 {
					t.Fatalf("sent: %v", m)
				}
				begun := time.Now()
				cancel(why)
				synctest.Wait()
				if m := a.next(); m.GetCancel().GetId() != 1 {
					t.Errorf("sent: %v", m)
				}
				time.Sleep(time.Second)
				c.then(a)
				if err := <-got; err != why || time.Since(begun) != c.took {
					t.Errorf("%v after %v, want %v after %v", err, time.Since(begun), why, c.took)
				}
				if len(a.calls) != 0 {
					t.Errorf("%d calls are kept", len(a.calls))
				}
			})
		})
	}
}

// A call that was cancelled before it was sent is over at once; of it, and of its
// request, the program hears nothing.
func TestCallThatWasNotSent(t *testing.T) {
	a := newAttachment()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := a.newRequest()
	if _, err := r.call(service.WithRequest(ctx, t.Context()), &upsv1.PlugInCall{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	r.end()
	if m := a.next(); m != nil || len(a.calls) != 0 {
		t.Errorf("to send: %v; %d calls are kept", m, len(a.calls))
	}
}

// Messages are sent in their order, the end of a request last.
func TestOrderOfMessages(t *testing.T) {
	a := newAttachment()
	r := a.newRequest()
	r.begin(&upsv1.PlugInCall{})
	r.begin(&upsv1.PlugInCall{})
	for id := uint64(1); id <= 2; id++ {
		if m := a.next(); m.GetCall().GetId() != id || m.GetCall().GetRequest() != 1 {
			t.Errorf("sent: %v, want call %d", m, id)
		}
	}
	r.end()
	if m := a.next(); m.GetEnd().GetRequest() != 1 {
		t.Errorf("sent: %v, want the end", m)
	}
}

// A program that answers a call more than once holds nobody up.
func TestAnsweredTwice(t *testing.T) {
	a := newAttachment()
	c := a.newRequest().begin(&upsv1.PlugInCall{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		a.take(&upsv1.PlugInResult{Id: 1, Result: &upsv1.PlugInResult_Error{Error: "first"}})
		a.take(&upsv1.PlugInResult{Id: 1, Result: &upsv1.PlugInResult_Error{Error: "second"}})
	}()
	select {
	case <-done:
	case <-time.After(patience):
		t.Fatal("the second answer waits")
	}
	if text := (<-c.result).GetError(); text != "first" {
		t.Errorf("the answer is %q", text)
	}
}
