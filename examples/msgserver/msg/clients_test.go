package msg_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"ups/examples/msgserver/msg"
	"ups/policy"
)

// While the user thinks about one client, others send, or wait in line.
func TestClientsDoNotBlockEachOther(t *testing.T) {
	play(t, func(g *fixture) {
		first := g.begin(g.connect(nothing), friend, "1")
		d := g.next(nothing, friend)
		g.begin(g.connect(inROM), friend, "2").is(nil)
		g.begin(g.connect(signed), help, "3").is(nil)
		third := g.begin(g.connect(unsigned), friend, "4")
		third.waits()
		first.waits()
		g.onAir("2", "3")

		d.answer <- policy.Yes
		first.is(nil)
		g.next(unsigned, friend).answer <- policy.No
		third.is(msg.ErrPermissionDenied)
		g.onAir("1")
	})
}

// Two connections of one client are asked about one by one, and the answer
// Always to the first is the second's too.
func TestConnectionsOfOneClient(t *testing.T) {
	play(t, func(g *fixture) {
		first := g.begin(g.connect(signed), friend, "1")
		second := g.begin(g.connect(signed), friend, "2")
		g.next(signed, friend).answer <- policy.Always
		first.is(nil)
		second.is(nil)
	})
}

// The client library has one request outstanding.
func TestInUse(t *testing.T) {
	play(t, func(g *fixture) {
		client := g.connect(nothing)
		p := g.begin(client, friend, "1")
		g.begin(client, friend, "2").is(msg.ErrInUse)
		g.next(nothing, friend).answer <- policy.Yes
		p.is(nil)
	})
}

// raw is a client that doesn't use the library: it writes what it likes.
func (g *fixture) raw(who msg.Process, lines ...string) (replies []string, served error) {
	g.Helper()
	near, far := net.Pipe()
	result := make(chan error, 1)
	go func() { result <- g.server.Serve(far, who) }()
	go func() {
		for in := bufio.NewScanner(near); in.Scan(); {
			replies = append(replies, in.Text())
		}
	}()
	for _, line := range lines {
		near.Write([]byte(line + "\n")) // or the server has hung up
		synctest.Wait()
	}
	near.Close()
	synctest.Wait()
	return replies, <-result
}

// Whatever a client writes, it can't be somebody else, and harms itself alone.
func TestHostileClients(t *testing.T) {
	const send = `{"Function":1,"Number":"+447700900100","Text":"hello"}`
	for _, c := range []struct {
		name    string
		who     msg.Process
		lines   []string
		replies string
		dropped bool
	}{
		{"says nothing", signed, nil, "", false},
		{"well-behaved", signed, []string{send, send}, `{"Error":0} {"Error":0}`, false},
		{"cancels nothing", signed, []string{`{"Function":3}`, send, `{"Function":3}`}, `{"Error":0}`, false},
		{"says who it is", nothing, []string{`{"Function":2,"Number":"+447700900100","SID":1,"Capabilities":-1}`}, `{"Error":-46}`, false},
		{"unknown functions", signed, []string{`{}`, `{"Function":4}`, `{"Function":-1}`}, `{"Error":-5} {"Error":-5} {"Error":-5}`, false},
		{"no JSON", signed, []string{"hello", send}, "", true},
		{"empty line", signed, []string{"", send}, "", true},
		{"wrong types", signed, []string{`{"Function":"1"}`}, "", true},
		{"long line", signed, []string{strings.Repeat(" ", 100_000) + send}, "", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			play(t, func(g *fixture) {
				replies, err := g.raw(c.who, c.lines...)
				if got := strings.Join(replies, " "); got != c.replies || (err != nil) != c.dropped {
					t.Errorf("replies %s, error %v", got, err)
				}
				g.begin(g.connect(inROM), friend, "hello").is(nil)
			})
		})
	}
}

// A client that doesn't wait for its reply is dropped, with its request.
func TestSecondRequestIsTheLast(t *testing.T) {
	play(t, func(g *fixture) {
		const send = `{"Function":1,"Number":"+447700900001"}`
		replies, err := g.raw(nothing, send, `{"Function":1}`, send)
		if len(replies) != 0 || err == nil || !strings.Contains(err.Error(), "second request") {
			t.Errorf("%q, error %v", replies, err)
		}
		g.vanished(g.next(nothing, friend))
		g.onAir()
	})
}

// A client that doesn't read its replies isn't read from either.
func TestUnreadRepliesDoNotPileUp(t *testing.T) {
	play(t, func(g *fixture) {
		near, far := net.Pipe()
		go g.server.Serve(far, nothing)
		defer near.Close()
		near.SetWriteDeadline(time.Now().Add(time.Minute))
		var written int
		for written < 100 {
			if _, err := near.Write([]byte(`{"Function":2}` + "\n")); err != nil {
				break
			}
			written++
			synctest.Wait()
		}
		if written != 2 {
			t.Errorf("%d requests were taken, want one and the next", written)
		}
	})
}

func TestClosedServerServesNobody(t *testing.T) {
	play(t, func(g *fixture) {
		g.must(g.server.Close())
		if _, err := g.raw(inROM); !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
}

// Many clients, a user that answers at random and slowly, cancels at random:
// what is sent is just what the clients know to be sent.
func TestManyClients(t *testing.T) {
	const clients, messages = 30, 20
	play(t, func(g *fixture) {
		go g.answerAtRandom()
		defer close(g.asks)
		var mu sync.Mutex
		var sent []string
		var all sync.WaitGroup
		for i := range clients {
			all.Go(func() {
				client := g.connect([]msg.Process{inROM, signed, nothing, unsigned}[i%4])
				for j := range messages {
					ctx, cancel := context.WithTimeout(context.Background(), rand.N(time.Minute))
					text := fmt.Sprint(i, "/", j)
					err := client.Send(ctx, msg.Message{To: []string{friend, other, help, premium}[rand.N(4)], Text: text})
					cancel()
					if err == nil {
						mu.Lock()
						sent = append(sent, text)
						mu.Unlock()
					}
				}
			})
		}
		all.Wait()
		slices.Sort(sent)
		slices.Sort(g.sent)
		if len(sent) <= clients*messages/4 || len(sent) == clients*messages {
			t.Errorf("%d of %d messages are sent: that shows little", len(sent), clients*messages)
		}
		g.onAir(sent...)
	})
}

// answerAtRandom is a user, until the dialogs end.
func (g *fixture) answerAtRandom() {
	for d := range g.asks {
		offered := d.Policy.Policy.Options
		option := policy.Options(1) << rand.N(6)
		if offered&option == 0 {
			option = policy.No
		}
		select {
		case <-time.After(rand.N(10 * time.Second)):
		case <-d.gone:
			continue
		}
		select {
		case d.answer <- option:
		case <-d.gone:
		}
	}
}
