package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"testing"

	"ups/runtime/client"
	"ups/runtime/server"
	"ups/runtime/service"
	"ups/runtime/service/servicetest"
)

// The contract of the service holds for clients over each transport. Over sockets a
// test finds out by time whether the service is at rest, and the race detector makes
// it look too soon; in memory it knows, and the code is the same.
func TestContract(t *testing.T) {
	for name, c := range map[string]struct {
		bubble bool
		listen func(testing.TB) network
		apart  bool // the plug-ins are programs
		calls  bool // a call for each request, in place of a stream
	}{
		"in memory":              {bubble: true, listen: inMemory},
		"Unix socket":            {listen: unixSocket},
		"TLS":                    {listen: mutualTLS},
		"calls, in memory":       {bubble: true, listen: inMemory, calls: true},
		"plug-ins, in memory":    {bubble: true, listen: inMemory, apart: true},
		"plug-ins over a socket": {listen: unixSocket, apart: true},
	} {
		if raced && !c.bubble {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			servicetest.Run(t, servicetest.Transport{
				Remote: true, Bubble: c.bubble,
				Start: func(t testing.TB, of servicetest.Setup) (*service.Server, servicetest.Endpoint) {
					s, e := start(t, of, c.listen(t), c.apart)
					e.calls = c.calls
					return s, e
				},
			})
		})
	}
}

// endpoint is a server whose callers are what the test says.
type endpoint struct {
	t testing.TB
	network
	calls   bool
	mu      sync.Mutex
	callers []service.Caller
	plugIns []server.PlugIn // that any of them may be
	clients map[service.Caller]*client.Client
}

func start(t testing.TB, of servicetest.Setup, n network, apart bool) (*service.Server, *endpoint) {
	var programs *server.PlugIns
	var found service.PlugIns = of.Installed
	if apart {
		programs = server.NewPlugIns()
		found = programs
	}
	s, err := service.New(of.Finding(found))
	if err != nil {
		t.Fatal(err)
	}
	e := &endpoint{t: t, network: n, clients: map[service.Caller]*client.Client{}}
	api, err := server.New(server.Options{Service: s, Identify: e, Peer: n.peer, PlugIns: programs})
	if err != nil {
		t.Fatal(err)
	}
	h := api.HTTPServer()
	served := make(chan error, 1)
	go func() { served <- n.serve(h) }()
	t.Cleanup(func() {
		e.close()
		api.Close()
		h.Close()
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	if apart {
		e.attach(of.Installed)
	}
	return s, e
}

// attach makes the plug-ins of a registry programs, which are a caller of their own.
func (e *endpoint) attach(linked service.Registry) {
	e.callers = append(e.callers, service.Caller{})
	for uid := range linked.Evaluators {
		e.plugIns = append(e.plugIns, server.PlugIn{Kind: server.PolicyEvaluator, UID: uid})
	}
	for uid := range linked.DialogCreators {
		e.plugIns = append(e.plugIns, server.PlugIn{Kind: server.DialogCreator, UID: uid})
	}
	attached := make(chan error, len(linked.Evaluators)+len(linked.DialogCreators))
	opt := e.options(0)
	opt.Attached = func(err error) {
		select {
		case attached <- err:
		default: // attached anew, when the server has gone
		}
	}
	c, err := client.Dial(e.t.Context(), opt)
	if err != nil {
		e.t.Fatal(err)
	}
	e.clients[service.Caller{}] = c
	for uid, factory := range linked.Evaluators {
		go c.AttachEvaluator(e.t.Context(), uid, factory)
	}
	for uid, factory := range linked.DialogCreators {
		go c.AttachDialogCreator(e.t.Context(), uid, factory)
	}
	for range cap(attached) {
		if err := <-attached; err != nil {
			e.t.Fatal(err)
		}
	}
}

// Identify returns the caller of a number.
func (e *endpoint) Identify(p server.Peer) (server.Identity, error) {
	number, err := e.caller(p)
	if err != nil {
		return server.Identity{}, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if number >= len(e.callers) {
		return server.Identity{}, fmt.Errorf("caller %d is unknown", number)
	}
	return server.Identity{Name: strconv.Itoa(number), Caller: e.callers[number], PlugIns: e.plugIns}, nil
}

func (e *endpoint) client(caller service.Caller) (*client.Client, error) {
	e.mu.Lock()
	known, number := e.clients[caller], len(e.callers)
	if known == nil {
		e.callers = append(e.callers, caller)
	}
	e.mu.Unlock()
	if known != nil {
		return known, nil
	}
	c, err := client.Dial(context.Background(), e.options(number))
	if err != nil {
		return nil, err
	}
	if e.calls {
		c.CallEach()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.clients[caller] = c
	return c, nil
}

func (e *endpoint) close() {
	for _, c := range e.clients {
		if err := c.Close(); err != nil {
			e.t.Error(err)
		}
	}
}

func (e *endpoint) Connect(ctx context.Context, caller service.Caller) (servicetest.Session, error) {
	c, err := e.client(caller)
	if err != nil {
		return nil, err
	}
	s, err := c.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return session{s}, nil
}

func (e *endpoint) Manage(caller service.Caller) (servicetest.Management, error) {
	c, err := e.client(caller)
	if err != nil {
		return nil, err
	}
	m, err := c.Manage()
	if err != nil {
		return nil, err
	}
	return m, nil
}

type session struct{ *client.Session }

func (s session) Open(c service.Client) (servicetest.Subsession, error) {
	sub, err := s.Session.Open(c)
	if err != nil {
		return nil, err
	}
	return sub, nil
}
