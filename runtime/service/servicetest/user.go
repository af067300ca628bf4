package servicetest

import (
	"context"
	"sync/atomic"
	"time"

	"ups/policy"
	"ups/runtime/service"
)

// user is the dialog creator of the fixture: the test answers what it asks, or
// an answer is given at once.
type user struct {
	asks    chan *shownDialog
	answers func(*shownDialog) (service.Choice, error) // at once, unless nil
	prepare func(context.Context, *service.Prompt) error
	up      atomic.Int32
	most    atomic.Int32 // dialogs that were up at one time
	shown   atomic.Int32 // dialogs in all
}

// shownDialog is one dialog.
type shownDialog struct {
	*service.Prompt
	ctx    context.Context // of the call of Display
	info   uint32
	answer chan reply
}

type reply struct {
	service.Choice
	err error
}

func newUser() *user { return &user{asks: make(chan *shownDialog, 1000)} }

func (u *user) new(uint32) (service.DialogCreator, error) { return &creator{user: u}, nil }

type creator struct {
	user   *user
	prompt *service.Prompt
}

func (c *creator) Prepare(ctx context.Context, p *service.Prompt) error {
	c.prompt = p
	if c.user.prepare != nil {
		return c.user.prepare(ctx, p)
	}
	return nil
}

func (c *creator) Display(ctx context.Context, info uint32) (service.Choice, error) {
	u := c.user
	u.most.Store(max(u.most.Load(), u.up.Add(1)))
	defer u.up.Add(-1)
	u.shown.Add(1)
	s := &shownDialog{c.prompt, ctx, info, make(chan reply, 1)}
	if u.answers != nil {
		return u.answers(s)
	}
	u.asks <- s
	select {
	case r := <-s.answer:
		return r.Choice, r.err
	case <-ctx.Done():
		return service.Choice{}, context.Cause(ctx)
	}
}

// always makes the user answer so, at once.
func (u *user) always(o policy.Options) {
	u.answers = func(*shownDialog) (service.Choice, error) { return service.Choice{Option: o}, nil }
}

// next returns the dialog that is up, or fails.
func (g *fixture) next(destination string) *shownDialog {
	g.t.Helper()
	s := g.up()
	switch {
	case s == nil:
		g.t.Fatalf("no dialog is up, want one for %q", destination)
	case s.Destination != destination:
		g.t.Fatalf("the dialog is for %q, want %q", s.Destination, destination)
	}
	return s
}

// up returns the dialog that is up, or nil. Where a test can only tell by time what
// goes on, it waits for one.
func (g *fixture) up() *shownDialog {
	if g.bubble {
		select {
		case s := <-g.user.asks:
			return s
		default:
			return nil
		}
	}
	select {
	case s := <-g.user.asks:
		return s
	case <-time.After(patience):
		return nil
	}
}

// quiet fails if a dialog is up that the test hasn't seen.
func (g *fixture) quiet() {
	g.t.Helper()
	select {
	case s := <-g.user.asks:
		g.t.Fatalf("a dialog for %q is up", s.Destination)
	default:
	}
}

func (s *shownDialog) choose(o policy.Options, info ...uint32) {
	c := service.Choice{Option: o}
	if len(info) > 0 {
		c.Info = info[0]
	}
	s.answer <- reply{Choice: c}
}
