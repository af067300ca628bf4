package browser

import (
	"context"
	"testing"
	"time"

	"ups/runtime/service"
)

// requester makes requests of a service, whether it is in this process or another.
type requester struct {
	testing.TB
	open func(service.Client) (subsession, error)
}

// subsession is that of package service, or of package client.
type subsession interface {
	Authorise(context.Context, service.Query) (service.Outcome, error)
	Close() error
}

// asked is an answer to a request.
type asked struct {
	service.Outcome
	err error
}

// request asks, in the background.
func (r *requester) request(ctx context.Context, sid uint32, to string) <-chan asked {
	r.Helper()
	return r.ask(ctx, sid, service.Query{Service: panelService, Destination: to, Passed: true})
}

func (r *requester) ask(ctx context.Context, sid uint32, q service.Query) <-chan asked {
	r.Helper()
	client, err := r.open(service.Client{SID: sid, Drive: 'C'})
	if err != nil {
		r.Fatal(err)
	}
	done := make(chan asked, 1)
	go func() {
		defer client.Close()
		o, err := client.Authorise(ctx, q)
		done <- asked{o, err}
	}()
	return done
}

// answer waits for the answer to a request.
func (r *requester) answer(from <-chan asked) asked {
	r.Helper()
	select {
	case a := <-from:
		return a
	case <-time.After(patience):
		r.Fatal("the client got no answer")
		return asked{}
	}
}
