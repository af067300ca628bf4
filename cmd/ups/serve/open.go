package serve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/serve/config"
	"ups/runtime"
	"ups/runtime/decision"
	"ups/runtime/decision/sqlite"
)

// logger returns a logger of the configured form, and what changes its level.
func logger(w io.Writer, of config.Log) (*slog.Logger, *slog.LevelVar) {
	level := &slog.LevelVar{}
	level.Set(of.Level)
	opt := &slog.HandlerOptions{Level: level}
	if of.JSON {
		return slog.New(slog.NewJSONHandler(w, opt)), level
	}
	return slog.New(slog.NewTextHandler(w, opt)), level
}

// openStore opens the policies, and watches their folders until ctx is done.
func (p *process) openStore(ctx context.Context) (err error) {
	p.store, err = runtime.Open(p.config.ROM.Path, p.config.System.Path, runtime.StoreOptions{Report: p.problem})
	if err != nil {
		return noPolicies(p.config.ROM, err)
	}
	if m := p.observed.metrics; m != nil {
		p.store.Subscribe(m.PolicyChanges)
	}
	if _, err := p.store.Watch(ctx); err != nil {
		p.log.Warn("the folders of policies can't be watched: send SIGHUP when they change", "error", err)
	}
	return nil
}

// noPolicies says why the policies can't be opened.
func noPolicies(rom config.Name, err error) error {
	hint := ""
	if errors.Is(err, fs.ErrNotExist) {
		hint = compileInto(rom.Path)
	}
	return console.Hint(named(rom, err), hint)
}

// compileInto says what makes the policies of a folder.
func compileInto(folder string) string {
	return "ups compile -d " + folder + " SOURCE... makes them of sources"
}

// readPolicies reads all policy files, so that what is wrong with them is logged before
// somebody asks for it.
func (p *process) readPolicies() {
	p.store.Read(func(s *runtime.Snapshot) {
		switch active, bad := s.Active(); {
		case len(active)+len(bad) == 0:
			p.log.Warn("there are no policies", "folder", p.config.ROM.Path, "hint", compileInto(p.config.ROM.Path))
		default:
			p.log.Info("policies read", "usable", len(active), "faulty", len(bad))
		}
	})
}

func (p *process) problem(problem runtime.Problem) {
	if m := p.observed.metrics; m != nil {
		m.PolicyProblem(problem)
	}
	p.log.Log(context.Background(), problem.Level, "policy file", "path", problem.Path, "error", problem.Err)
}

// openDecisions opens the database as its owner.
func (p *process) openDecisions(ctx context.Context) (err error) {
	if err := parentFolder(p.config.Decisions.Path); err != nil {
		return named(p.config.Decisions, err)
	}
	p.db, err = sqlite.Open(ctx, p.config.Decisions.Path, sqlite.Options{
		Report: p.event, OnOperation: p.observed.operation(), OnLookup: p.observed.lookup(),
	})
	switch {
	case errors.Is(err, decision.ErrLocked):
		return console.Hint(fmt.Errorf("%s: %w", p.config.Decisions.Pos, err), "another server, or a command that changes it, is using it")
	case errors.As(err, new(*fs.PathError)):
		return named(p.config.Decisions, err)
	case err != nil:
		return fmt.Errorf("%s: %w", p.config.Decisions.Pos, err)
	}
	return nil
}

// event logs what has happened to the database.
func (p *process) event(e sqlite.Event) {
	p.observed.all.Fault("keeping the database", e.Err)
	p.log.Error("decision database", "path", e.Path, "error", e.Err, "moved-to", e.MovedTo)
}
