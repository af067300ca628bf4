package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"connectrpc.com/connect"

	"ups/runtime"
	"ups/runtime/api/upsv1"
	"ups/runtime/service"
)

// AttachEvaluator makes this program the policy evaluator of an implementation UID:
// the service calls what the factory makes as it would in one process, one for each
// request. What panics fails its request. The data of an evaluation has to be a
// []byte, or nil.
//
// It returns when ctx is done, with its cause, when the client is closed, and when
// the server refuses the program. A connection that is lost is made again; the
// requests that were under way have failed then.
func (c *Client) AttachEvaluator(ctx context.Context, uid uint32, factory service.EvaluatorFactory) error {
	as := &upsv1.Attachment{Kind: upsv1.PlugInKind_PLUG_IN_KIND_POLICY_EVALUATOR, Uid: uid}
	return c.attach(ctx, as, func() (p plugIn, err error) {
		if p.evaluator, err = factory(uid); p.evaluator == nil && err == nil {
			err = runtime.ErrMissingPolicyEvaluator
		}
		return p, err
	})
}

// AttachDialogCreator makes this program the dialog creator of an implementation
// UID, as AttachEvaluator does. The service has one dialog at a time.
func (c *Client) AttachDialogCreator(ctx context.Context, uid uint32, factory service.DialogCreatorFactory) error {
	as := &upsv1.Attachment{Kind: upsv1.PlugInKind_PLUG_IN_KIND_DIALOG_CREATOR, Uid: uid}
	return c.attach(ctx, as, func() (p plugIn, err error) {
		if p.creator, err = factory(uid); p.creator == nil && err == nil {
			err = runtime.ErrMissingDialogCreator
		}
		return p, err
	})
}

// plugIn is what a factory made: one of the two.
type plugIn struct {
	evaluator service.PolicyEvaluator
	creator   service.DialogCreator
}

// attach attaches again and again.
func (c *Client) attach(ctx context.Context, as *upsv1.Attachment, create func() (plugIn, error)) error {
	return c.life.Do(ctx, func(ctx context.Context) error {
		pause, before := firstPause, false
		for {
			attached, err := c.serve(ctx, as, create)
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			before = before || attached
			if !retried(err) || !before && refused(err) {
				return err
			}
			c.opt.Attached(err)
			if attached {
				pause = firstPause
			}
			select {
			case <-time.After(pause/2 + rand.N(pause)):
			case <-ctx.Done():
				return context.Cause(ctx)
			}
			pause = min(2*pause, lastPause)
		}
	})
}

// refused reports whether another program is the plug-in. Later on that may be this
// program itself, over a connection whose end the server hasn't noticed.
func refused(err error) bool { return connect.CodeOf(err) == connect.CodeAlreadyExists }

// serve is one attachment, from begin to end. Attached is whether there was one.
func (c *Client) serve(ctx context.Context, as *upsv1.Attachment, create func() (plugIn, error)) (attached bool, err error) {
	stream := c.plugIns.Attach(ctx)
	// Go's HTTP/2 looks at a context until the answer begins, and then no more.
	stop := context.AfterFunc(ctx, func() { _ = stream.CloseResponse() })
	defer stop()
	s := newServing(ctx, stream, create)
	defer s.end(c.opt.Grace)
	if err := s.attach(as); err != nil {
		return false, failure(ctx, err)
	}
	c.opt.Attached(nil)
	err = s.run()
	if errors.Is(err, io.EOF) {
		return true, fmt.Errorf("%w: %w", ErrInterrupted, io.EOF)
	}
	return true, failure(ctx, err)
}
