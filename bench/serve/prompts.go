package main

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"ups/policy"
	"ups/runtime/client"
	"ups/runtime/service"
)

// promptTable has requests wait for a dialog. Its user says Yes to each, or Always to
// the first, which answers the others too: they are of the same client.
func (o *options) promptTable(p *programs) error {
	fmt.Printf("\n| the user says | requests that wait | dialogs | ms until all are answered | resident MB, waiting | peak MB |\n|---|--:|--:|--:|--:|--:|\n")
	for _, answer := range []struct {
		name   string
		option policy.Options
	}{{"Yes", policy.Yes}, {"Always", policy.Always}} {
		if err := o.promptRow(p, answer.name, answer.option); err != nil {
			return fmt.Errorf("%s: %w", answer.name, err)
		}
	}
	return nil
}

func (o *options) promptRow(p *programs, name string, option policy.Options) (err error) {
	s, err := p.startUPS(o.waiting)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	u := &user{option: option, begins: make(chan struct{})}
	c, err := u.sitDown(s)
	if err != nil {
		return err
	}
	answers, err := askAll(c, o.waiting)
	if err != nil {
		return err
	}
	if err := allWait(c, o.waiting); err != nil {
		return err
	}
	waiting, err := s.memory()
	if err != nil {
		return err
	}
	start := time.Now()
	close(u.begins)
	for range o.waiting {
		if err := <-answers; err != nil {
			return err
		}
	}
	took := time.Since(start)
	after, err := s.memory()
	fmt.Printf("| %s | %d | %d | %d | %s | %s |\n", name, o.waiting, u.dialogs.Load(), took.Milliseconds(), megabytes(waiting.resident), megabytes(after.peak))
	return err
}

// user is a dialog creator whose user answers at once, after a while that is the same
// for all.
type user struct {
	option  policy.Options
	begins  chan struct{} // closed
	dialogs atomic.Int64
}

func (u *user) Prepare(context.Context, *service.Prompt) error { return nil }

func (u *user) Display(ctx context.Context, _ uint32) (service.Choice, error) {
	u.dialogs.Add(1)
	select {
	case <-u.begins:
		return service.Choice{Option: u.option}, nil
	case <-ctx.Done():
		return service.Choice{}, context.Cause(ctx)
	}
}

// sitDown attaches the user, and returns the client by which it is.
func (u *user) sitDown(s *server) (*client.Client, error) {
	attached := make(chan error, 10)
	c, err := client.Dial(context.Background(), client.Options{
		Address: "unix:" + s.socket, Attached: func(err error) { attached <- err },
	})
	if err != nil {
		return nil, err
	}
	go func() {
		attached <- c.AttachDialogCreator(context.Background(), creator, func(uint32) (service.DialogCreator, error) { return u, nil })
	}()
	return c, <-attached
}

// askAll asks n requests, each of which will send nil if it is allowed.
func askAll(c *client.Client, n int) (<-chan error, error) {
	session, err := c.Connect(context.Background())
	if err != nil {
		return nil, err
	}
	answers := make(chan error, n)
	for i := range n {
		sub, err := session.Open(service.Client{SID: 0x10000001})
		if err != nil {
			return nil, err
		}
		go func() {
			o, err := sub.Authorise(context.Background(), service.Query{Service: prompting, Destination: fmt.Sprint(i)})
			if err == nil && !o.Decision.Allows() {
				err = fmt.Errorf("request %d is refused", i)
			}
			answers <- err
		}()
	}
	return answers, nil
}

// allWait returns once one of n requests has the dialog, and the others wait for it.
func allWait(c *client.Client, n int) error {
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		status, err := c.Status(context.Background())
		if err != nil || status.Dialog && status.Waiting == n-1 {
			return err
		}
		if time.Now().After(end) {
			return fmt.Errorf("after a minute the service is at %+v", status)
		}
	}
}
