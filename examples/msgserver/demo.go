package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"ups/examples/msgserver/msg"
	"ups/runtime"
)

// The applications. That they are who they are is known from how they were
// started; each sends what it likes.
const (
	inboxSID   = 0x20041101 // in the ROM, with the capability
	gameSID    = 0x20041102 // installed and signed, without it
	weatherSID = 0xA0041103 // installed, and nobody has signed it
)

const (
	friend  = "+447700900001"
	premium = "+4490012345"
)

var (
	inbox   = process(inboxSID, 'Z', msg.NetworkServices|msg.NetworkControl)
	game    = process(gameSID, 'C', 0)
	weather = process(weatherSID, 'C', 0)
)

func process(sid uint32, drive byte, has runtime.Capabilities) msg.Process {
	return msg.Process{ClientIdentity: runtime.ClientIdentity{SID: sid, Drive: drive}, Capabilities: has}
}

func nameOf(sid uint32) string {
	return map[uint32]string{inboxSID: "inbox", gameSID: "game", weatherSID: "weather", msg.SID: "messages"}[sid]
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

func (d *demonstration) run() {
	ctx := context.Background()
	a := msg.Connect(d.messages, inbox)
	defer a.Close()
	d.say("inbox sets the centre", a.SetCentre(ctx, "+447700900000"))
	d.say("inbox sends", a.Send(ctx, msg.Message{To: friend, Text: "hello"}))

	b := msg.Connect(d.messages, game)
	defer b.Close()
	d.say("game sends", b.Send(ctx, msg.Message{To: friend, Text: "I have 7 points"}))
	d.say("game sends again", b.Send(ctx, msg.Message{To: friend, Text: "I have 8 points"}))
	d.say("game sends to a premium number", b.Send(ctx, msg.Message{To: premium, Text: "more lives"}))
	d.say("game sets the centre", b.SetCentre(ctx, premium))

	d.meanwhile(a)
}

// meanwhile shows that only who is asked about waits, and that who is tired of
// waiting can go.
func (d *demonstration) meanwhile(a *msg.Client) {
	c := msg.Connect(d.messages, weather)
	defer c.Close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	select {
	case <-d.dialogs: // the game's
	default:
	}
	result := make(chan error, 1)
	go func() { result <- c.Send(ctx, msg.Message{To: friend, Text: "sunny"}) }()
	select {
	case <-d.dialogs:
		d.say("inbox sends meanwhile", a.Send(context.Background(), msg.Message{To: friend, Text: "goodbye"}))
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
