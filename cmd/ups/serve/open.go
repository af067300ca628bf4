package serve

import (
	"context"
	"errors"
	"fmt"
	"io"
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
		return named(p.config.ROM, err)
	}
	if _, err := p.store.Watch(ctx); err != nil {
		p.log.Warn("the folders of policies can't be watched: send SIGHUP when they change", "error", err)
	}
	return nil
}

func (p *process) problem(problem runtime.Problem) {
	p.log.Log(context.Background(), problem.Level, "policy file", "path", problem.Path, "error", problem.Err)
}

// openDecisions opens the database as its owner.
func (p *process) openDecisions(ctx context.Context) (err error) {
	p.db, err = sqlite.Open(ctx, p.config.Decisions.Path, sqlite.Options{Report: p.event, OnOperation: p.observed.operation()})
	switch {
	case errors.Is(err, decision.ErrLocked):
		return console.Hint(fmt.Errorf("%s: %w", p.config.Decisions.Pos, err), "another server, or a command that changes it, is using it")
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
