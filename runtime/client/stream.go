package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"time"

	"connectrpc.com/connect"

	"ups/policy"
	"ups/runtime"
	"ups/runtime/api/upsv1"
	"ups/runtime/internal/messages"
)

// The time between two attempts to connect.
const (
	firstPause = 20 * time.Millisecond
	lastPause  = 2 * time.Second
)

// stay keeps the session connected until ctx is done.
func (s *Session) stay(ctx context.Context) {
	defer close(s.over)
	pause := firstPause
	for {
		connected, err := s.listen(ctx)
		if ctx.Err() != nil {
			return
		}
		s.set(nil, err)
		if connected {
			pause = firstPause
		}
		select {
		case <-time.After(pause/2 + rand.N(pause)):
		case <-ctx.Done():
			return
		}
		pause = min(2*pause, lastPause)
	}
}

// listen opens a stream and takes what the server says, to its end. Connected is
// whether it said anything.
func (s *Session) listen(ctx context.Context) (connected bool, err error) {
	ctx, hangUp := context.WithCancel(ctx)
	defer hangUp()
	stream, err := s.client.sessions.Connect(ctx, connect.NewRequest(&upsv1.ConnectRequest{}))
	if err != nil {
		return false, failure(ctx, err)
	}
	defer stream.Close()
	for stream.Receive() {
		now, err := newLink(stream.Msg())
		if err != nil {
			return connected, err
		}
		connected = true
		s.set(now, nil)
	}
	if err := stream.Err(); err != nil {
		return connected, failure(ctx, err)
	}
	return connected, fmt.Errorf("%w: %w", ErrInterrupted, io.EOF)
}

func newLink(m *upsv1.ConnectResponse) (*link, error) {
	if len(m.Session) == 0 {
		return nil, fmt.Errorf("%w: a session without an id", messages.ErrInvalid)
	}
	l := &link{session: m.Session, server: m.Server, services: make(map[uint32]runtime.ServiceConfig, len(m.Services))}
	for _, c := range m.Services {
		config, err := decodeConfig(c)
		if err != nil {
			return nil, err
		}
		l.services[config.Service] = config
	}
	return l, nil
}

func decodeConfig(m *upsv1.ServiceConfig) (runtime.ServiceConfig, error) {
	if max(m.Major, m.Minor) > math.MaxUint16 {
		return runtime.ServiceConfig{}, fmt.Errorf("%w: a version of service 0x%08X has more than 16 bits", messages.ErrInvalid, m.Service)
	}
	p := policy.AuthorisationPolicy(m.AuthorisationPolicy)
	if uint32(p) != m.AuthorisationPolicy {
		return runtime.ServiceConfig{}, errors.Join(messages.ErrInvalid, fmt.Errorf("authorisation policy %d", m.AuthorisationPolicy))
	}
	return runtime.ServiceConfig{
		Service: m.Service, HasPolicyFile: true, AuthorisationPolicy: p, Major: uint16(m.Major), Minor: uint16(m.Minor),
	}, nil
}
