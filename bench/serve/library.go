package main

import (
	"context"
	"fmt"

	"ups/runtime/client"
	"ups/runtime/service"
)

// library asks by package runtime/client, as system servers in Go do: with a
// subsession for each client.
type library struct {
	session     *client.Session
	subsessions map[uint32]*client.Subsession
	list        []request
	last        service.Outcome
}

// libraryShared is one session, over one connection, for all.
func libraryShared(s *server, list []request, n int) ([]conversation, error) {
	session, err := librarySession(s)
	if err != nil {
		return nil, err
	}
	return each(n, func() (conversation, error) { return newLibrary(session, list), nil })
}

// libraryEach is a session and a connection for each.
func libraryEach(s *server, list []request, n int) ([]conversation, error) {
	return each(n, func() (conversation, error) {
		session, err := librarySession(s)
		if err != nil {
			return nil, err
		}
		return newLibrary(session, list), nil
	})
}

func librarySession(s *server) (*client.Session, error) {
	c, err := client.Dial(context.Background(), client.Options{Address: "unix:" + s.socket})
	if err != nil {
		return nil, err
	}
	return c.Connect(context.Background())
}

func newLibrary(session *client.Session, list []request) *library {
	return &library{session: session, subsessions: map[uint32]*client.Subsession{}, list: list}
}

func (l *library) ask(i int) (err error) {
	r := l.list[i]
	sub := l.subsessions[r.SID]
	if sub == nil {
		if sub, err = l.session.Open(service.Client{SID: r.SID}); err != nil {
			return err
		}
		l.subsessions[r.SID] = sub
	}
	l.last, err = sub.Authorise(context.Background(), service.Query{Service: silent, Destination: r.Destination, Passed: r.Passed})
	return err
}

func (l *library) decided() (int, error) {
	if l.last.Source != service.SourceSilent {
		return 0, fmt.Errorf("the answer isn't silent: %v", l.last.Source)
	}
	return l.last.Policy.Index, nil
}
