package decisions

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"ups/cmd/ups/internal/console"
	"ups/runtime/decision"
	"ups/runtime/decision/sqlite"
)

// view calls f with the database as it can be read beside its owner.
func (d *decisions) view(ctx context.Context, f func(decision.DB) error) error {
	if err := d.exists(); err != nil {
		return err
	}
	db, err := sqlite.View(ctx, d.path)
	if err == nil {
		err = closing(db, f(db))
	}
	return d.explain(ctx, err)
}

// change calls f with the database as its owner, unless it is damaged. If it
// isn't there it is made.
func (d *decisions) change(ctx context.Context, f func(decision.DB) error) error {
	var events events
	db, err := sqlite.Open(ctx, d.path, sqlite.Options{CacheSize: -1, Report: events.add})
	if err == nil {
		if events.empty() {
			err = d.named(f(db))
		}
		err = closing(db, err)
	}
	return d.explain(ctx, events.conclude(err))
}

// closing closes a database that was used with err, which counts for more.
func closing(db decision.DB, err error) error {
	if closed := db.Close(); err == nil {
		return closed
	}
	return err
}

// changeExisting is change for a database that must be there.
func (d *decisions) changeExisting(ctx context.Context, f func(decision.DB) error) error {
	if err := d.exists(); err != nil {
		return err
	}
	return d.change(ctx, f)
}

// explain says what to do about an error of a database.
func (d *decisions) explain(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		return console.ErrInterrupted
	case errors.Is(err, decision.ErrLocked):
		return console.UsageError("stop the service first; list and export can read beside it",
			"%s: a service, or another command, is using the database, and nothing was changed", d.path)
	case errors.As(err, new(console.HintedError)):
		return err
	case errors.Is(err, decision.ErrNotDatabase):
		return console.UsageError("nothing was touched; docs/decisions.md says what is taken for a database", "%w", err)
	case errors.Is(err, decision.ErrFull):
		return console.UsageError("free some space where the database is", "%w", err)
	case errors.Is(err, decision.ErrCorrupt):
		return console.UsageError("nothing was moved; the service moves it aside when it finds this, and so do the commands that change it", "%w", err)
	}
	return err
}

// named says which database had no room for a record.
func (d *decisions) named(err error) error {
	if errors.Is(err, decision.ErrFull) {
		return fmt.Errorf("%s: %w", d.path, err)
	}
	return err
}

// events are what the database reports while it is used, from any goroutine.
type events struct {
	mu   sync.Mutex
	list []sqlite.Event
}

func (e *events) add(event sqlite.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.list = append(e.list, event)
}

func (e *events) empty() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.list) == 0
}

// conclude returns the error that a command ends with after err. One that an
// event is about is in it once, with what was done about it.
func (e *events) conclude(err error) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	reported := slices.ContainsFunc(e.list, func(event sqlite.Event) bool { return errors.Is(err, kind(event.Err)) })
	var all []error
	for _, event := range e.list {
		all = append(all, eventError(event, err == nil || reported))
	}
	if err != nil && !reported {
		all = append(all, err)
	}
	if len(all) == 1 {
		return all[0]
	}
	return errors.Join(all...)
}

func kind(err error) error {
	if errors.Is(err, decision.ErrReadOnly) {
		return decision.ErrReadOnly
	}
	return decision.ErrCorrupt
}

// eventError words an event; anew says whether a new database was begun.
func eventError(event sqlite.Event, anew bool) error {
	if event.MovedTo == "" {
		return console.UsageError("list and export can read it", "%s: %w", event.Path, event.Err)
	}
	done := ""
	if anew {
		done = ", and a new, empty one was begun"
	}
	return console.Hint(fmt.Errorf("%s: %w; it was moved aside to %s%s", event.Path, event.Err, event.MovedTo, done),
		"nothing else was done; run the command again for the new one, or restore records with ups decisions import")
}
