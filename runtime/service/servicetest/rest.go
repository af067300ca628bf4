package servicetest

import (
	"testing/synctest"
	"time"

	"ups/runtime/service"
)

// settle returns when nothing happens by itself any more.
func (g *fixture) settle() {
	g.t.Helper()
	if g.bubble {
		synctest.Wait()
		return
	}
	last, still := g.state(), 0
	for end := time.Now().Add(patience); still < last.stillness(); time.Sleep(time.Millisecond) {
		still++
		if now := g.state(); now != last || now.Requests != int(now.asking) { // one is on its way
			last, still = now, 0
		}
		if time.Now().After(end) {
			g.t.Fatalf("it doesn't come to rest: %+v", last)
		}
	}
}

// state is what a test can see of what goes on.
type state struct {
	service.Status
	asking  int32
	dialogs int
	asked   int
	up      int32 // dialogs that users see
}

// stillness is how often nothing has to have changed, looked at once a millisecond: the
// looks, and not the time, are counted, so that it takes longer on a machine that is
// busy. There are more if requests are at work, since they may be those of plug-ins that
// wait for the test, and may not.
func (s state) stillness() int {
	if s.AtRest() && s.Dialog == (s.up > 0) {
		return 10
	}
	return 200
}

func (g *fixture) state() state {
	g.evaluator.mu.Lock()
	defer g.evaluator.mu.Unlock()
	return state{g.server.Status(), g.asking.Load(), len(g.user.asks), len(g.evaluator.forceAsked), g.user.up.Load()}
}
