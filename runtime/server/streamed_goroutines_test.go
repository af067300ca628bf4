package server

import (
	"context"
	"testing"
	"testing/synctest"

	"ups/runtime/api/upsv1"
)

// However many requests were under way at once, few goroutines wait for others; and they
// take what comes.
func TestIdleGoroutines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		m := newStreamed(ctx, new(Server))
		in := &session{} // in which there is no subsession
		ask := func(n int) {
			for id := range uint64(n) {
				m.enter()
				if err := m.start(in, &upsv1.StreamedRequest{Id: id}, func() {}); err != nil {
					t.Error(err)
				}
			}
		}
		in.mu.Lock() // until all are under way
		ask(2 * idleGoroutines)
		in.mu.Unlock()
		for range 2 * idleGoroutines {
			<-m.answers
		}
		synctest.Wait()
		for range 3 * idleGoroutines {
			if n := m.idle.Load(); n != idleGoroutines {
				t.Fatalf("%d goroutines wait, want %d", n, idleGoroutines)
			}
			m.enter()
			select {
			case m.work <- work{ctx: ctx, cancel: func() {}, in: in, request: &upsv1.StreamedRequest{}, release: func() {}}:
			default:
				t.Fatal("no goroutine takes a request")
			}
			<-m.answers
			synctest.Wait()
		}
	})
}
