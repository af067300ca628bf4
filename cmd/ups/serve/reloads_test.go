package serve

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"ups/runtime/server"
	"ups/runtime/service"
)

// readings runs reloads as the process does, each of which takes a while, until the test
// ends; it notes when they began, and by whom they were asked for.
type readings struct {
	*reloads
	began []string
}

func newReadings(t *testing.T, takes time.Duration) *readings {
	r := &readings{reloads: newReloads()}
	start := time.Now()
	go func() {
		for {
			select {
			case <-r.wanted:
				r.run(func(by string) server.Reloaded {
					r.began = append(r.began, fmt.Sprint(by, " at ", time.Since(start)))
					time.Sleep(takes)
					return server.Reloaded{Restart: []string{fmt.Sprint(len(r.began))}}
				})
			case <-r.over:
				return
			}
		}
	}()
	return r
}

// asking asks for a reload, and returns where its result comes.
func (r *readings) asking(t *testing.T, by string) chan string {
	t.Helper()
	got := make(chan string, 1)
	go func() {
		done, err := r.ask(t.Context(), by)
		got <- fmt.Sprint(done.Restart, err)
	}()
	synctest.Wait()
	return got
}

// Who asks gets what began after that: one reload after the other, with pauses, and one
// for all who wait.
func TestReloadsShare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newReadings(t, 300*time.Millisecond)
		defer r.end()
		first := r.asking(t, "a")
		var second []chan string
		for _, by := range []string{"b", "c", "d"} { // while the first runs
			second = append(second, r.asking(t, by))
		}
		time.Sleep(time.Second) // in the pause
		second = append(second, r.asking(t, "e"))
		if got := <-first; got != "[1] <nil>" {
			t.Errorf("the first: %s", got)
		}
		for _, c := range second {
			if got := <-c; got != "[2] <nil>" {
				t.Errorf("one that waited: %s", got)
			}
		}
		time.Sleep(500 * time.Millisecond)
		if got := <-r.asking(t, "f"); got != "[3] <nil>" {
			t.Errorf("the third: %s", got)
		}
		time.Sleep(time.Hour)
		if got := <-r.asking(t, "g"); got != "[4] <nil>" {
			t.Errorf("the last: %s", got)
		}
		if got, want := fmt.Sprint(r.began), "[a at 0s b at 1.3s f at 2.6s g at 1h0m2.9s]"; got != want {
			t.Errorf("they began %s, want %s", got, want)
		}
	})
}

// Who doesn't wait any more, or waits when the server ends, gets an error; others go on.
func TestReloadsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newReadings(t, time.Minute)
		ctx, cancel := context.WithCancelCause(t.Context())
		mine := errors.New("hung up")
		go func() {
			time.Sleep(time.Second)
			cancel(mine)
		}()
		other := r.asking(t, "b")
		if done, err := r.ask(ctx, "a"); !errors.Is(err, mine) || done.Restart != nil {
			t.Errorf("%+v, %v", done, err)
		}
		if got := <-other; got != "[1] <nil>" {
			t.Errorf("the other: %s", got)
		}
		go func() {
			time.Sleep(time.Second)
			r.end()
		}()
		if done, err := r.ask(t.Context(), "c"); !errors.Is(err, service.ErrClosed) || done.Restart != nil {
			t.Errorf("%+v, %v", done, err)
		}
		time.Sleep(2 * time.Minute) // what is running ends
	})
}
