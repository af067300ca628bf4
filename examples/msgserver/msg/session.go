package msg

import (
	"context"

	"ups/runtime"
	"ups/runtime/service"
)

// Session is a session with the User Prompt Service, wherever that runs.
type Session interface {
	Config(ctx context.Context, service uint32) (runtime.ServiceConfig, error)
	Open(service.Client) (Subsession, error)
	Close() error
}

// Subsession authorises the requests of one client.
type Subsession interface {
	Authorise(context.Context, service.Query) (service.Outcome, error)
	Close() error
}

// SessionOf makes a Session of one of package runtime/service, which is in this
// process, or of package runtime/client, where ups serve is the service.
func SessionOf[S Subsession](s session[S]) Session { return anySession[S]{s} }

// session is what the two packages have in common.
type session[S Subsession] interface {
	Config(ctx context.Context, service uint32) (runtime.ServiceConfig, error)
	Open(service.Client) (S, error)
	Close() error
}

type anySession[S Subsession] struct{ session[S] }

func (s anySession[S]) Open(c service.Client) (Subsession, error) { return s.session.Open(c) }
