// Command msgserver shows how a system server asks the User Prompt Service: a
// message server, its client library and four applications that send, in one
// process. The user's answers are scripted, or asked for on the terminal.
//
//	go run ./examples/msgserver
//	go run ./examples/msgserver -ask -db decisions.db
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
	"ups/examples/msgserver/policies"
	"ups/runtime"
	"ups/runtime/decision"
	"ups/runtime/decision/sqlite"
	"ups/runtime/plugin/destination"
	"ups/runtime/plugin/terminal"
	"ups/runtime/service"
)

// options are what the flags say.
type options struct {
	ask bool
	db  string
	log *slog.Logger // nil logs nothing
}

func main() {
	log.SetFlags(0)
	var o options
	flag.BoolVar(&o.ask, "ask", false, "ask on the terminal, instead of by the script")
	flag.StringVar(&o.db, "db", "", "keep Always and Never in `FILE`, instead of in memory")
	logged := flag.Bool("log", false, "log each decision of the service, and why, and how far each message is, to the standard error")
	flag.Parse()
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

// system is what runs on the device: the User Prompt Service with all that it
// needs, and the message server.
type system struct {
	rom      string
	db       decision.DB
	ups      *service.Server
	messages *msg.Server
	dialogs  chan struct{} // has one if a dialog has come up

	// interrupt ends the demonstration. A dialog on the terminal reads Ctrl-C as
	// a key, so that no signal comes of it.
	interrupt context.CancelFunc
}

// start starts everything. What was started before an error is for stop.
func (sys *system) start(ctx context.Context, out io.Writer, o options) error {
	store, err := sys.policies()
	if err != nil {
		return err
	}
	if sys.db, err = openDB(ctx, o.db); err != nil {
		return err
	}
	user := scripted(out)
	if o.ask {
		user = terminal.New(terminal.Options{Client: nameOf, Server: nameOf, Service: nameOfService})
	}
	sys.ups, err = service.New(service.Options{
		Store:   store,
		DB:      sys.db,
		PlugIns: plugIns(announced(user, out, sys.dialogs, sys.interrupt)),
		Log:     o.log,
	})
	if err != nil {
		return err
	}
	sys.messages, err = msg.NewServer(ctx, msg.Options{UPS: sys.ups, Capabilities: service.ProtServ, Radio: radio{out}, Progress: logProgress(o.log)})
	return err
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

// plugIns registers the plug-ins by the UIDs that the policy file names.
func plugIns(user service.DialogCreatorFactory) service.Registry {
	return service.Registry{
		Evaluators: map[uint32]service.EvaluatorFactory{
			policies.NumberEvaluator:  destination.New(destination.Evaluator{}),
			policies.PremiumEvaluator: destination.New(destination.Evaluator{}),
		},
		DialogCreators: map[uint32]service.DialogCreatorFactory{policies.Dialog: user},
	}
}

// policies makes a ROM with the policy file.
func (sys *system) policies() (*runtime.Store, error) {
	rom, err := os.MkdirTemp("", "msgserver")
	if err != nil {
		return nil, err
	}
	sys.rom = rom
	if err := policies.Compile(rom); err != nil {
		return nil, err
	}
	return runtime.Open(rom, "", runtime.StoreOptions{})
}

func openDB(ctx context.Context, file string) (decision.DB, error) {
	if file == "" {
		return decision.NewMemory(), nil
	}
	return sqlite.Open(ctx, file, sqlite.Options{Report: reported})
}

// reported prints what became of a database that is damaged, or read-only.
func reported(e sqlite.Event) {
	if e.MovedTo != "" {
		log.Printf("%s was moved aside to %s", e.Path, e.MovedTo)
	}
	log.Print(e.Err)
}

// stop ends what start has got to, the last first.
func (sys *system) stop() (err error) {
	if sys.messages != nil {
		err = sys.messages.Close()
	}
	if sys.ups != nil {
		sys.ups.Close()
	}
	if sys.db != nil {
		err = errors.Join(err, sys.db.Close())
	}
	return errors.Join(err, os.RemoveAll(sys.rom))
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
