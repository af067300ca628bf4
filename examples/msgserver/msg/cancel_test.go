package msg_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"ups/examples/msgserver/msg"
	"ups/policy"
)

// A client that has taken its message back has its answer at once, the dialog
// vanishes, and the connection is as before.
func TestCancelWhileTheDialogIsUp(t *testing.T) {
	play(t, func(g *fixture) {
		client := g.connect(nothing)
		p := g.begin(client, friend, "1")
		d := g.next(nothing, friend)
		p.cancel()
		p.is(context.Canceled)
		g.vanished(d)
		g.went("authorising", "done: cancelled")
		g.onAir()

		p = g.begin(client, friend, "2")
		g.next(nothing, friend).answer <- policy.Yes
		p.is(nil)
		g.onAir("2")
	})
}

func TestCancelInLine(t *testing.T) {
	play(t, func(g *fixture) {
		first := g.begin(g.connect(nothing), friend, "1")
		second := g.begin(g.connect(unsigned), friend, "2")
		third := g.begin(g.connect(signed), friend, "3")
		second.cancel()
		second.is(context.Canceled)
		first.waits()
		g.next(nothing, friend).answer <- policy.Yes
		first.is(nil)
		g.next(signed, friend).answer <- policy.Yes
		third.is(nil)
		g.onAir("1", "3")
	})
}

func TestCancelWhileSending(t *testing.T) {
	play(t, func(g *fixture) {
		g.radio = func(ctx context.Context, _ msg.Message) error {
			<-ctx.Done()
			return ctx.Err()
		}
		p := g.begin(g.connect(inROM), friend, "1")
		g.went("authorising", "sending")
		p.cancel()
		p.is(context.Canceled)
		g.went("done: cancelled")
		g.onAir()
	})
}

// A cancel that comes too late changes nothing: the message is sent, the client
// gets that as the result, and its next request isn't cancelled.
func TestCancelTooLate(t *testing.T) {
	play(t, func(g *fixture) {
		client := g.connect(inROM)
		for range 100 {
			ctx, cancel := context.WithCancel(context.Background())
			g.radio = func(context.Context, msg.Message) error {
				cancel()
				return nil
			}
			if err := client.Send(ctx, msg.Message{To: friend, Text: "1"}); err != nil {
				t.Fatal(err)
			}
			g.onAir("1")
			g.radio = nil
			g.begin(client, friend, "2").is(nil)
			g.onAir("2")
		}
	})
}

// The same when the cancel is slow: it comes out before the next request.
func TestSlowCancel(t *testing.T) {
	play(t, func(g *fixture) {
		near, far := net.Pipe()
		go g.server.Serve(far, nothing)
		client := msg.NewClient(slowToCancel{near})
		defer client.Close()
		ctx, cancel := context.WithCancel(context.Background())
		results := make(chan error, 2)
		go func() {
			results <- client.Send(ctx, msg.Message{To: friend, Text: "1"})
			results <- client.Send(context.Background(), msg.Message{To: other, Text: "2"})
		}()
		d := g.next(nothing, friend)
		cancel()
		d.answer <- policy.Yes
		time.Sleep(time.Minute)
		g.next(nothing, other).answer <- policy.Yes
		if first, second := <-results, <-results; first != nil || second != nil {
			t.Error(first, second)
		}
		g.onAir("1", "2")
	})
}

// slowToCancel is a connection that takes its time with cancels.
type slowToCancel struct{ net.Conn }

func (c slowToCancel) Write(line []byte) (int, error) {
	if bytes.Contains(line, []byte(`"Function":3`)) {
		time.Sleep(time.Second)
	}
	return c.Conn.Write(line)
}

func TestCancelledBefore(t *testing.T) {
	play(t, func(g *fixture) {
		ctx, cancel := context.WithCancelCause(context.Background())
		why := errors.New("the user went away")
		cancel(why)
		if err := g.connect(inROM).Send(ctx, msg.Message{To: friend}); err != why {
			t.Error(err)
		}
		g.went()
	})
}

// Whoever disconnects, or is disconnected, leaves nothing behind.
func TestDisconnect(t *testing.T) {
	for name, disconnect := range map[string]func(*fixture, *msg.Client){
		"the client": func(_ *fixture, c *msg.Client) { c.Close() },
		"the server": func(g *fixture, _ *msg.Client) { g.server.Close() },
	} {
		t.Run("by "+name, func(t *testing.T) {
			play(t, func(g *fixture) {
				client := g.connect(nothing)
				p := g.begin(client, friend, "1")
				d := g.next(nothing, friend)
				disconnect(g, client)
				p.is(msg.ErrServerTerminated)
				g.vanished(d)
				g.went("authorising", "done: cancelled")
				g.onAir()
				g.begin(client, friend, "2").is(msg.ErrServerTerminated)
			})
		})
	}
}

// The service itself may end: that is No, and not a hang.
func TestServiceEnds(t *testing.T) {
	play(t, func(g *fixture) {
		client := g.connect(nothing)
		p := g.begin(client, friend, "1")
		d := g.next(nothing, friend)
		g.ups.Close()
		p.is(msg.ErrPermissionDenied)
		g.vanished(d)
	})
}

// Serve and Close return when all has ended, however long that takes.
func TestNothingIsLeftBehind(t *testing.T) {
	play(t, func(g *fixture) {
		start := time.Now()
		g.radio = func(context.Context, msg.Message) error {
			time.Sleep(time.Minute) // deaf
			return nil
		}
		near, far := net.Pipe()
		served := make(chan time.Duration, 1)
		go func() {
			g.server.Serve(far, inROM)
			served <- time.Since(start)
		}()
		g.begin(msg.NewClient(near), friend, "1")
		near.Close()
		g.must(g.server.Close())
		if closed, served := time.Since(start), <-served; closed < time.Minute || served < time.Minute {
			t.Errorf("closed after %v, served for %v", closed, served)
		}
	})
}
