// Command msgserver shows how a system server asks the User Prompt Service: a
// message server, its client library and four applications that send, in one
// process. The service is in that process too, or with -socket it is ups serve. The
// user's answers are scripted, or asked for on the terminal.
//
//	go run ./examples/msgserver
//	go run ./examples/msgserver -ask -db decisions.db
//	go run ./examples/msgserver -socket ups.sock
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"ups/examples/msgserver/msg"
	"ups/runtime/plugin/terminal"
	"ups/runtime/service"
)

// options are what the flags say.
type options struct {
	ask    bool
	db     string
	socket string       // of ups serve; empty for a service in this process
	log    *slog.Logger // nil logs nothing
}

func main() {
	log.SetFlags(0)
	var o options
	flag.BoolVar(&o.ask, "ask", false, "ask on the terminal, instead of by the script")
	flag.StringVar(&o.db, "db", "", "keep Always and Never in `FILE`, instead of in memory")
	flag.StringVar(&o.socket, "socket", "", "ask ups serve, which listens on the Unix socket `PATH`, instead of a service in this process")
	logged := flag.Bool("log", false, "log each decision of the service, and why, and how far each message is, to the standard error")
	flag.Parse()
	if o.socket != "" && o.db != "" {
		log.Fatal("-db is for a service in this process: ups serve has a database of its own")
	}
	if *logged {
		o.log = slog.Default()
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends it at once
	if err := run(ctx, os.Stdout, o); err != nil {
		log.Fatal(err)
	}
}

// run starts the system, has the applications send, and stops the system, also
// when ctx ends: what was stored until then stays stored.
func run(ctx context.Context, out io.Writer, o options) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	sys := &system{dialogs: make(chan struct{}, 1), interrupt: cancel}
	defer func() { err = errors.Join(err, sys.stop()) }()
	if err := sys.start(ctx, out, o); err != nil {
		return err
	}
	d := demonstration{system: sys, out: out}
	if o.ask {
		d.patience = time.Minute
	}
	return d.run(ctx)
}

// system is what runs on the device: the User Prompt Service, and the message
// server.
type system struct {
	ups      promptService
	messages *msg.Server
	dialogs  chan struct{} // has one if a dialog has come up

	// interrupt ends the demonstration. A dialog on the terminal reads Ctrl-C as
	// a key, so that no signal comes of it.
	interrupt context.CancelFunc
}

// promptService is the User Prompt Service, as the message server needs it.
type promptService interface {
	// start starts it, or connects to it. Dialogs are user's.
	start(ctx context.Context, o options, user service.DialogCreatorFactory) error
	connect(context.Context) (msg.Session, error)
	// stop ends what start has got to.
	stop() error
}

// start starts everything. What was started before an error is for stop.
func (sys *system) start(ctx context.Context, out io.Writer, o options) error {
	user := scripted(out)
	if o.ask {
		user = terminal.New(terminal.Options{Client: nameOf, Server: nameOf, Service: nameOfService})
	}
	sys.ups = &local{}
	if o.socket != "" {
		sys.ups = &remote{}
	}
	if err := sys.ups.start(ctx, o, announced(user, out, sys.dialogs, sys.interrupt)); err != nil {
		return err
	}
	session, err := sys.ups.connect(ctx)
	if err != nil {
		return err
	}
	sys.messages = msg.NewServer(msg.Options{UPS: session, Radio: radio{out}, Progress: logProgress(o.log)})
	return nil
}

// stop ends what start has got to, the last first.
func (sys *system) stop() (err error) {
	if sys.messages != nil {
		err = sys.messages.Close()
	}
	return errors.Join(err, sys.ups.stop())
}

// logProgress returns what logs how far messages are, nil without a log.
func logProgress(log *slog.Logger) func(msg.Progress) {
	if log == nil {
		return nil
	}
	return func(p msg.Progress) {
		attributes := []any{"client", nameOf(p.Client), "to", p.To}
		if p.Err != nil {
			attributes = append(attributes, "error", p.Err)
		}
		log.Info("message "+p.State.String(), attributes...)
	}
}

// radio says what is sent.
type radio struct{ out io.Writer }

func (r radio) Send(_ context.Context, m msg.Message) error {
	_, err := fmt.Fprintf(r.out, "  on the air to %s: %q\n", m.To, m.Text)
	return err
}

func (r radio) SetCentre(_ context.Context, number string) error {
	_, err := fmt.Fprintf(r.out, "  the message centre is %s\n", number)
	return err
}
