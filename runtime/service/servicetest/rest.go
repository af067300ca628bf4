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
	last, since := g.state(), time.Now()
	for end := since.Add(20 * time.Second); time.Since(since) < last.stillness(); time.Sleep(time.Millisecond) {
		if now := g.state(); now != last || now.Requests != int(now.asking) { // one is on its way
			last, since = now, time.Now()
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

// stillness is how long nothing has to change. It is longer if requests are at
// work, since they may be those of plug-ins that wait for the test, and may not.
func (s state) stillness() time.Duration {
	if s.AtRest() && s.Dialog == (s.up > 0) {
		return 10 * time.Millisecond
	}
	return 200 * time.Millisecond
}

func (g *fixture) state() state {
	g.evaluator.mu.Lock()
	defer g.evaluator.mu.Unlock()
	return state{g.server.Status(), g.asking.Load(), len(g.user.asks), len(g.evaluator.forceAsked), g.user.up.Load()}
}

// settleRemote is settle, if the service is asked by messages.
func (g *fixture) settleRemote() {
	if g.Remote {
		g.settle()
	}
}
