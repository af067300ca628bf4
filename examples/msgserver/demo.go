package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"ups/examples/msgserver/msg"
	"ups/runtime/service"
)

// The applications. Their identities are those that the system started them
// with; each sends what it likes.
const (
	inboxSID   = 0x20041101 // in the ROM, with the capability
	gameSID    = 0x20041102 // installed and signed, without it
	weatherSID = 0xA0041103 // installed, and nobody has signed it
	mailSID    = 0x20041104 // installed and signed, with the capability
)

const (
	friend  = "+447700900001"
	premium = "+4490012345"
)

var (
	inbox   = process(inboxSID, 'Z', msg.NetworkServices|msg.NetworkControl)
	game    = process(gameSID, 'C', 0)
	weather = process(weatherSID, 'C', 0)
	mail    = process(mailSID, 'C', msg.NetworkServices)
)

func process(sid uint32, drive byte, has service.Capabilities) msg.Process {
	return msg.Process{Client: service.Client{SID: sid, Drive: drive}, Capabilities: has}
}

func nameOf(sid uint32) string {
	return map[uint32]string{inboxSID: "inbox", gameSID: "game", weatherSID: "weather", mailSID: "mail", msg.SID: "messages"}[sid]
}

func nameOfService(server, service uint32) string {
	if server == msg.SID && service == msg.Service {
		return "send a message"
	}
	return ""
}

// demonstration is the applications' side.
type demonstration struct {
	*system
	out      io.Writer
	patience time.Duration // of the weather application
}

// step is one thing that an application does.
type step struct {
	what string
	do   func(context.Context) error
}

func (d *demonstration) run(ctx context.Context) error {
	a, b, c := msg.Connect(d.messages, inbox), msg.Connect(d.messages, game), msg.Connect(d.messages, mail)
	defer a.Close()
	defer b.Close()
	defer c.Close()
	for _, s := range []step{
		{"inbox sets the centre", centre(a, "+447700900000")},
		{"inbox sends", message(a, friend, "hello")},
		{"game sends", message(b, friend, "I have 7 points")},
		{"game sends again", message(b, friend, "I have 8 points")},
		{"game sends to a premium number", message(b, premium, "more lives")},
		{"game sets the centre", centre(b, premium)},
		{"mail sends", message(c, friend, "you have post")},
		{"mail sends again", message(c, friend, "you have more post")},
	} {
		d.say(s.what, s.do(ctx))
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	d.meanwhile(ctx, a)
	return ctx.Err()
}

func message(c *msg.Client, to, text string) func(context.Context) error {
	return func(ctx context.Context) error { return c.Send(ctx, msg.Message{To: to, Text: text}) }
}

func centre(c *msg.Client, number string) func(context.Context) error {
	return func(ctx context.Context) error { return c.SetCentre(ctx, number) }
}

// meanwhile shows that only the client whose user is asked waits, and that it can
// cancel.
func (d *demonstration) meanwhile(ctx context.Context, a *msg.Client) {
	c := msg.Connect(d.messages, weather)
	defer c.Close()
	waiting, cancel := context.WithCancel(ctx)
	defer cancel()
	select {
	case <-d.dialogs: // of an earlier request
	default:
	}
	result := make(chan error, 1)
	go func() { result <- c.Send(waiting, msg.Message{To: friend, Text: "sunny"}) }()
	select {
	case <-d.dialogs:
		d.say("inbox sends meanwhile", a.Send(ctx, msg.Message{To: friend, Text: "goodbye"}))
		time.AfterFunc(d.patience, cancel)
		d.say("weather sends", <-result)
	case err := <-result:
		d.say("weather sends, and nobody was asked", err)
	}
}

func (d *demonstration) say(what string, err error) {
	if err != nil {
		fmt.Fprintf(d.out, "%s: %v\n", what, err)
		return
	}
	fmt.Fprintf(d.out, "%s: done\n", what)
}
