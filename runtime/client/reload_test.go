//go:build unix

package client

import (
	"context"
	"errors"
	"slices"
	"testing"

	"ups/runtime/server"
	"ups/runtime/service"
)

// Who may makes the server read its configuration again, and is told what came of it.
func TestReload(t *testing.T) {
	m := newMachine(t)
	m.reload = func(_ context.Context, by server.Identity) (server.Reloaded, error) {
		return server.Reloaded{Mistakes: []string{"a mistake", by.Name}, Restart: []string{"listen"}}, nil
	}
	m.start()
	if done, err := m.dial().Reload(t.Context()); !errors.Is(err, service.ErrPermissionDenied) || done.Mistakes != nil {
		t.Errorf("who may not: %+v, %v", done, err)
	}
	m.who.Reload = true
	done, err := m.dial().Reload(t.Context())
	if err != nil || !slices.Equal(done.Mistakes, []string{"a mistake", "messages"}) || !slices.Equal(done.Restart, []string{"listen"}) {
		t.Errorf("%+v, %v", done, err)
	}
}
