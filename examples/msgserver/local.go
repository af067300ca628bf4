package main

import (
	"context"
	"errors"
	"log"
	"os"

	"ups/examples/msgserver/msg"
	"ups/examples/msgserver/policies"
	"ups/runtime"
	"ups/runtime/decision"
	"ups/runtime/decision/sqlite"
	"ups/runtime/plugin/destination"
	"ups/runtime/service"
)

// local is the User Prompt Service in this process, with all that it needs.
type local struct {
	rom string
	db  decision.DB
	ups *service.Server
}

func (l *local) start(ctx context.Context, o options, user service.DialogCreatorFactory) error {
	store, err := l.policies()
	if err != nil {
		return err
	}
	if l.db, err = openDB(ctx, o.db); err != nil {
		return err
	}
	l.ups, err = service.New(service.Options{Store: store, DB: l.db, PlugIns: plugIns(user), Log: o.log})
	return err
}

// connect makes a session of the message server, which may ask the service
// because it has service.ProtServ.
func (l *local) connect(ctx context.Context) (msg.Session, error) {
	session, err := l.ups.Connect(ctx, service.Caller{SID: msg.SID, Capabilities: service.ProtServ})
	if err != nil {
		return nil, err
	}
	return msg.SessionOf(session), nil
}

func (l *local) stop() (err error) {
	if l.ups != nil {
		l.ups.Close()
	}
	if l.db != nil {
		err = l.db.Close()
	}
	return errors.Join(err, os.RemoveAll(l.rom))
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
func (l *local) policies() (*runtime.Store, error) {
	rom, err := os.MkdirTemp("", "msgserver")
	if err != nil {
		return nil, err
	}
	l.rom = rom
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
