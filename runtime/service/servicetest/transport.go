package servicetest

import (
	"context"
	"iter"
	"testing"

	"ups/runtime"
	"ups/runtime/decision"
	"ups/runtime/service"
)

// Transport is a way to use a service.
type Transport struct {
	// Start offers a service to those who connect, until the test ends.
	Start func(t testing.TB, of Setup) (*service.Server, Endpoint)
	// Bubble is whether it can be used in a bubble of testing/synctest.
	Bubble bool
	// Remote is whether the service is asked by messages: errors that the API
	// doesn't know have their text alone, and views read ahead, up to readAhead.
	Remote bool
}

// Setup is what the service of a test is made of. The transport says how plug-ins are
// found, since they may be elsewhere.
type Setup struct {
	service.Options // without plug-ins
	Installed       service.Registry

	// finding, unless it is nil, is asked for plug-ins in place of what the transport
	// finds them with.
	finding func(service.PlugIns) service.PlugIns
}

// Finding returns the options of a service that finds what is installed by p.
func (s Setup) Finding(p service.PlugIns) service.Options {
	s.PlugIns = p
	if s.finding != nil {
		s.PlugIns = s.finding(p)
	}
	return s.Options
}

// Endpoint is where callers connect.
type Endpoint interface {
	Connect(ctx context.Context, caller service.Caller) (Session, error)
	Manage(caller service.Caller) (Management, error)
}

// Session is a service.Session.
type Session interface {
	Config(ctx context.Context, service uint32) (runtime.ServiceConfig, error)
	Open(client service.Client) (Subsession, error)
	Close() error
}

// Subsession is a service.Subsession.
type Subsession interface {
	Authorise(ctx context.Context, q service.Query) (service.Outcome, error)
	Close() error
}

// Management is a service.Management.
type Management interface {
	Records(ctx context.Context, f decision.Filter) iter.Seq2[decision.Record, error]
	Delete(ctx context.Context, f decision.Filter) (int, error)
	DeleteDatabase(ctx context.Context) error
	UpdateResult(ctx context.Context, id uint64, result decision.Result) error
	Restore(ctx context.Context, rec decision.Record) (uint64, error)
	ExecutableRemoved(ctx context.Context, sid uint32) (int, error)
	PlugInsChanged(ctx context.Context) error
	PolicyFilesChanged(ctx context.Context) error
	Close() error
}

// InProcess uses the service in one process.
var InProcess = Transport{Bubble: true, Start: func(t testing.TB, of Setup) (*service.Server, Endpoint) {
	s, err := service.New(of.Finding(of.Installed))
	if err != nil {
		t.Fatal(err)
	}
	return s, inProcess{s}
}}

type inProcess struct{ *service.Server }

func (p inProcess) Connect(ctx context.Context, caller service.Caller) (Session, error) {
	s, err := p.Server.Connect(ctx, caller)
	if err != nil {
		return nil, err
	}
	return inProcessSession{s}, nil
}

func (p inProcess) Manage(caller service.Caller) (Management, error) {
	m, err := p.Server.Manage(caller)
	if err != nil {
		return nil, err
	}
	return m, nil
}

type inProcessSession struct{ *service.Session }

func (s inProcessSession) Open(client service.Client) (Subsession, error) {
	sub, err := s.Session.Open(client)
	if err != nil {
		return nil, err
	}
	return sub, nil
}
