package main

import (
	"context"

	"ups/examples/msgserver/msg"
	"ups/examples/msgserver/policies"
	"ups/runtime/client"
	"ups/runtime/service"
)

// remote is ups serve. Its configuration has the policies, the database and the
// evaluators, and says who this program is: the message server, which may ask, and
// may be the dialog creator. On a device that is another program.
type remote struct{ ups *client.Client }

// start connects, and returns when the server knows where dialogs come up.
func (r *remote) start(ctx context.Context, o options, user service.DialogCreatorFactory) (err error) {
	attached, ended := make(chan error, 1), make(chan error, 1)
	r.ups, err = client.Dial(ctx, client.Options{Address: "unix:" + o.socket, Attached: func(err error) {
		select {
		case attached <- err:
		default: // that it was, start has seen
		}
	}})
	if err != nil {
		return err
	}
	// It ends when the client is closed. A connection that is lost is made again.
	go func() { ended <- r.ups.AttachDialogCreator(context.Background(), policies.Dialog, user) }()
	select {
	case err = <-attached:
	case err = <-ended:
	case <-ctx.Done():
		err = context.Cause(ctx)
	}
	return err
}

func (r *remote) connect(ctx context.Context) (msg.Session, error) {
	session, err := r.ups.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return msg.SessionOf(session), nil
}

func (r *remote) stop() error {
	if r.ups == nil {
		return nil
	}
	return r.ups.Close()
}
