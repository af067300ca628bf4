package server

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"

	"ups/runtime/api/upsv1/upsv1connect"
)

// newReloading returns a server that can reload, and whose callers may if may is set.
func newReloading(t *testing.T, may *atomic.Bool, reload func(context.Context, Identity) (Reloaded, error)) *fixture {
	t.Helper()
	return newFixture(t, func(o *Options) {
		o.Reload = reload
		o.Identify = identify(func(p Peer) (Identity, error) {
			id, err := known(p)
			id.Reload = may.Load()
			return id, err
		})
	})
}

func (f *fixture) expectReload(status int, code string) (answer map[string]any) {
	f.t.Helper()
	got, answer := f.post(upsv1connect.StatusServiceReloadProcedure, "{}")
	if got != status || status != http.StatusOK && answer["code"] != code {
		f.t.Errorf("%d %v, want %d %s", got, answer, status, code)
	}
	return answer
}

// What the configuration says is read again for whoever may make the server do it, who is
// told what came of it.
func TestReload(t *testing.T) {
	var may atomic.Bool
	calls := 0
	f := newReloading(t, &may, func(_ context.Context, by Identity) (Reloaded, error) {
		calls++
		return Reloaded{Mistakes: []string{by.Name, "a\xffb"}, Restart: []string{"listen"}}, nil
	})
	f.expectReload(http.StatusForbidden, "permission_denied")
	if calls != 0 {
		t.Error("it is read for somebody who may not")
	}
	may.Store(true)
	answer := f.expectReload(http.StatusOK, "")
	mistakes, _ := answer["mistakes"].([]any)
	restart, _ := answer["restart"].([]any)
	if len(mistakes) != 2 || mistakes[0] != "messages" || mistakes[1] != "a\ufffdb" || len(restart) != 1 || restart[0] != "listen" {
		t.Errorf("%v", answer)
	}
	f.server.Close()
	f.expectReload(http.StatusServiceUnavailable, "unavailable")
	if calls != 1 {
		t.Errorf("%d reloads", calls)
	}
}

// Who may make the server read its configuration no more by what was read isn't told what
// that was.
func TestReloadWithdrawn(t *testing.T) {
	var may atomic.Bool
	may.Store(true)
	var f *fixture
	f = newReloading(t, &may, func(context.Context, Identity) (Reloaded, error) {
		may.Store(false)
		f.server.IdentitiesChanged()
		return Reloaded{Mistakes: []string{"secret"}}, nil
	})
	if answer := f.expectReload(http.StatusForbidden, "permission_denied"); answer["mistakes"] != nil {
		t.Errorf("%v", answer)
	}
}

// A server may have nothing to read again, and reading may fail.
func TestReloadFails(t *testing.T) {
	var may atomic.Bool
	may.Store(true)
	newReloading(t, &may, nil).expectReload(http.StatusNotImplemented, "unimplemented")
	f := newReloading(t, &may, func(context.Context, Identity) (Reloaded, error) { return Reloaded{}, errors.New("failed") })
	f.expectReload(http.StatusInternalServerError, "unknown")
}
