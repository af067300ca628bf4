package panel

import (
	"context"
	"crypto/rand"
	"slices"
	"sync"
	"time"

	"ups/policy"
	"ups/runtime/service"
)

// prompts are the dialogs that are up, and how the last ones ended. The service has
// one up at a time, but one that is given up may end after the next has begun.
type prompts struct {
	mu       sync.Mutex
	open     []*prompt
	ended    []*prompt // the last ones, the newest last
	watchers map[chan struct{}]bool
}

// endedKept is how many prompts that have ended are told about.
const endedKept = 20

// prompt is a dialog.
type prompt struct {
	*service.Prompt
	ID    string
	Until time.Time // when it ends without an answer; zero if never
	info  uint32

	ctx     context.Context     // of the dialog: no answer counts once it is done
	answers chan service.Choice // of capacity 1
	ending                      // zero while it is up
}

// ending is how a prompt has ended.
type ending struct {
	At     time.Time
	Answer policy.Options // 0 if nobody has answered
	Reason string         // if nobody has answered
	by     string         // the login that answered
}

// put puts up a dialog.
func (s *prompts) put(ctx context.Context, p *service.Prompt, info uint32, until time.Time) *prompt {
	q := &prompt{Prompt: p, ctx: ctx, ID: rand.Text(), Until: until, info: info, answers: make(chan service.Choice, 1)}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open = append(s.open, q)
	s.changed()
	return q
}

// answer answers a dialog, and reports whether it was up: of two answers the
// second comes too late, and so does one to a request that has ended.
func (s *prompts) answer(q *prompt, c service.Choice, e ending) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if q.ctx.Err() != nil {
		e = ending{At: e.At, Reason: withdrawn(context.Cause(q.ctx))}
	}
	if !s.end(q, e) || q.Answer == 0 {
		return false
	}
	c.Info = q.info
	q.answers <- c
	return true
}

// withdraw takes down a dialog that nobody has answered.
func (s *prompts) withdraw(q *prompt, e ending) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end(q, e)
}

// end moves a dialog to those that have ended, with the mutex locked.
func (s *prompts) end(q *prompt, e ending) bool {
	i := slices.Index(s.open, q)
	if i < 0 {
		return false
	}
	s.open = slices.Delete(s.open, i, i+1)
	q.ending = e
	if s.ended = append(s.ended, q); len(s.ended) > endedKept {
		s.ended = slices.Delete(s.ended, 0, 1)
	}
	s.changed()
	return true
}

// find returns a dialog, up or ended, or nil.
func (s *prompts) find(id string) *prompt {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, q := range slices.Concat(s.open, s.ended) {
		if q.ID == id {
			return q
		}
	}
	return nil
}

// howEnded returns how a dialog has ended.
func (s *prompts) howEnded(q *prompt) ending {
	s.mu.Lock()
	defer s.mu.Unlock()
	return q.ending
}

// list returns the dialogs that are up, and the last that have ended, the newest
// first.
func (s *prompts) list() (open, ended []*prompt) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ended = slices.Clone(s.ended)
	slices.Reverse(ended)
	return slices.Clone(s.open), ended
}

// watch returns a channel that gets a value after changes.
func (s *prompts) watch() (changes <-chan struct{}, stop func()) {
	c := make(chan struct{}, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.watchers == nil {
		s.watchers = map[chan struct{}]bool{}
	}
	s.watchers[c] = true
	return c, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.watchers, c)
	}
}

// look tells those that watch, as if there were changes.
func (s *prompts) look() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changed()
}

// changed tells those that watch, with the mutex locked.
func (s *prompts) changed() {
	for c := range s.watchers {
		select {
		case c <- struct{}{}:
		default: // it has a value that it hasn't taken
		}
	}
}

// DialogCreator is the service.DialogCreatorFactory of the panel: prompts appear
// on its pages.
func (p *Panel) DialogCreator(uint32) (service.DialogCreator, error) {
	return &creator{panel: p}, nil
}

// creator asks for one request.
type creator struct {
	panel  *Panel
	prompt *service.Prompt
}

// Prepare keeps the prompt.
func (c *creator) Prepare(_ context.Context, p *service.Prompt) error {
	c.prompt = p
	return nil
}

// Display waits for an answer from a browser.
func (c *creator) Display(ctx context.Context, info uint32) (service.Choice, error) {
	p := c.panel
	var until time.Time
	if p.opt.Display > 0 {
		until = p.opt.Now().Add(p.opt.Display)
	}
	q := p.prompts.put(ctx, c.prompt, info, until)
	select {
	case choice := <-q.answers:
		return choice, nil
	case <-ctx.Done():
		err := context.Cause(ctx)
		p.prompts.withdraw(q, ending{At: p.opt.Now(), Reason: withdrawn(err)})
		return service.Choice{}, err
	}
}
