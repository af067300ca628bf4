package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"ups/runtime/api/upsv1"
	"ups/runtime/api/upsv1/upsv1connect"
)

// encoding is how the messages of the API are written.
type encoding struct {
	contentType string
	marshal     func(proto.Message) ([]byte, error)
	unmarshal   func([]byte, proto.Message) error
}

var (
	inJSON  = encoding{"application/json", protojson.Marshal, protojson.Unmarshal}
	inProto = encoding{"application/proto", proto.Marshal, proto.Unmarshal}
)

// upsAlone asks as curl does: each request has a session of its own.
func upsAlone(s *server, list []request, n int) ([]conversation, error) {
	requests, err := inJSON.authorise(list, func(r request, m *upsv1.AuthoriseRequest) error {
		m.Client = &upsv1.Client{Sid: r.SID}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return each(n, func() (conversation, error) { return newWire(s, requests, inJSON.decided), nil })
}

// upsSession asks in one session, as a system server does, in which each connection has
// a subsession for each client.
func upsSession(as encoding) func(*server, []request, int) ([]conversation, error) {
	return func(s *server, list []request, n int) ([]conversation, error) {
		session, err := connectTo(s)
		if err != nil {
			return nil, err
		}
		return each(n, func() (conversation, error) {
			subsessions := map[uint32]uint64{}
			requests, err := as.authorise(list, func(r request, m *upsv1.AuthoriseRequest) error {
				if subsessions[r.SID] == 0 {
					id, err := session.open(r.SID)
					if err != nil {
						return err
					}
					subsessions[r.SID] = id
				}
				m.Session, m.Subsession = session.id, subsessions[r.SID]
				return nil
			})
			if err != nil {
				return nil, err
			}
			return newWire(s, requests, as.decided), nil
		})
	}
}

// authorise writes the requests; address says by whom each is.
func (e encoding) authorise(list []request, address func(request, *upsv1.AuthoriseRequest) error) ([][]byte, error) {
	requests := make([][]byte, len(list))
	for i, r := range list {
		m := &upsv1.AuthoriseRequest{Query: &upsv1.Query{Service: silent, Destination: r.Destination, Passed: r.Passed}}
		if err := address(r, m); err != nil {
			return nil, err
		}
		body, err := e.marshal(m)
		if err != nil {
			return nil, err
		}
		requests[i] = post(upsv1connect.SessionServiceAuthoriseProcedure, e.contentType, body)
	}
	return requests, nil
}

func (e encoding) decided(b []byte) (int, error) {
	var m upsv1.AuthoriseResponse
	if err := e.unmarshal(b, &m); err != nil {
		return 0, err
	}
	if m.Outcome.GetSource() != upsv1.Source_SOURCE_SILENT {
		return 0, fmt.Errorf("the answer isn't silent: %s", b)
	}
	return int(m.Outcome.Policy.GetIndex()), nil
}

// apiSession is a session that lasts as long as the generator.
type apiSession struct {
	service upsv1connect.SessionServiceClient
	id      []byte
}

func connectTo(s *server) (*apiSession, error) {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", s.socket)
	}
	c := upsv1connect.NewSessionServiceClient(&http.Client{Transport: &http.Transport{DialContext: dial}}, "http://ups")
	stream, err := c.Connect(context.Background(), connect.NewRequest(&upsv1.ConnectRequest{}))
	if err != nil {
		return nil, err
	}
	if !stream.Receive() {
		return nil, errors.Join(errors.New("the server opens no session"), stream.Err())
	}
	return &apiSession{c, stream.Msg().Session}, nil
}

func (s *apiSession) open(sid uint32) (uint64, error) {
	answer, err := s.service.OpenSubsession(context.Background(), connect.NewRequest(&upsv1.OpenSubsessionRequest{
		Session: s.id, Client: &upsv1.Client{Sid: sid},
	}))
	if err != nil {
		return 0, err
	}
	return answer.Msg.Subsession, nil
}
