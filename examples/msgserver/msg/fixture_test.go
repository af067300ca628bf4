package msg_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"ups/examples/msgserver/msg"
	"ups/examples/msgserver/policies"
	"ups/policy"
	"ups/runtime"
	"ups/runtime/decision"
	"ups/runtime/plugin/destination"
	"ups/runtime/service"
)

const (
	friend  = "+447700900001"
	other   = "+447700900002"
	help    = "+447700900100"
	premium = "+4490012345"
)

// The clients. Those without capabilities may not send.
var (
	inROM    = process(0x20041101, 'Z', msg.NetworkServices)
	signed   = process(0x20041102, 'C', msg.NetworkServices)
	nothing  = process(0x20041103, 'C', 0)
	unsigned = process(0xA0041104, 'C', 0)
)

func process(sid uint32, drive byte, has service.Capabilities) msg.Process {
	return msg.Process{Client: service.Client{SID: sid, Drive: drive}, Capabilities: has}
}

// fixture is a message server and all that is around it.
type fixture struct {
	*testing.T
	rom    string
	store  *runtime.Store
	db     decision.DB
	ups    *service.Server
	server *msg.Server
	asks   chan *dialog

	options service.Capabilities // of the message server
	plugIns service.Registry
	radio   func(context.Context, msg.Message) error // nil sends

	mu     sync.Mutex
	sent   []string
	states []string
}

// play runs a test in a bubble: when it ends, so must have every goroutine of
// the servers, or the bubble fails.
func play(t *testing.T, f func(*fixture), change ...func(*fixture)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		g := newFixture(t, change...)
		f(g)
		if err := g.server.Close(); err != nil && !errors.Is(err, service.ErrClosed) {
			t.Error(err)
		}
		g.ups.Close()
		synctest.Wait()
		if n := len(g.asks); n != 0 {
			t.Errorf("%d dialogs that the test hasn't seen", n)
		}
	})
}

func newFixture(t *testing.T, change ...func(*fixture)) *fixture {
	t.Helper()
	g := &fixture{T: t, rom: t.TempDir(), db: decision.NewMemory(), asks: make(chan *dialog, 1000), options: service.ProtServ}
	byNumber := destination.New(destination.Evaluator{})
	g.plugIns = service.Registry{
		Evaluators:     map[uint32]service.EvaluatorFactory{policies.NumberEvaluator: byNumber, policies.PremiumEvaluator: byNumber},
		DialogCreators: map[uint32]service.DialogCreatorFactory{policies.Dialog: g.newDialog},
	}
	g.must(policies.Compile(g.rom))
	for _, c := range change {
		c(g)
	}
	var err error
	g.store, err = runtime.Open(g.rom, "", runtime.StoreOptions{})
	g.must(err)
	g.ups, err = service.New(service.Options{Store: g.store, DB: g.db, PlugIns: g.plugIns})
	g.must(err)
	session, err := g.ups.Connect(t.Context(), service.Caller{SID: msg.SID, Capabilities: g.options})
	g.must(err)
	g.server = msg.NewServer(msg.Options{UPS: msg.SessionOf(session), Radio: g, Progress: g.progress})
	return g
}

func (g *fixture) must(err error) {
	g.Helper()
	if err != nil {
		g.Fatal(err)
	}
}

// withoutPolicies is the handset whose maker has given no policy file.
func withoutPolicies(g *fixture) {
	g.must(os.Remove(g.rom + "/" + policy.Service{Server: msg.SID, Service: msg.Service}.FileName(policy.CompiledExt)))
}

func (g *fixture) connect(who msg.Process) *msg.Client {
	c := msg.Connect(g.server, who)
	g.Cleanup(func() { c.Close() })
	return c
}

// Send makes the fixture the radio.
func (g *fixture) Send(ctx context.Context, m msg.Message) error {
	if g.radio != nil {
		if err := g.radio(ctx, m); err != nil {
			return err
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sent = append(g.sent, m.Text)
	return nil
}

// SetCentre counts as a message.
func (g *fixture) SetCentre(ctx context.Context, number string) error {
	return g.Send(ctx, msg.Message{Text: "centre " + number})
}

func (g *fixture) progress(p msg.Progress) {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := p.State.String()
	if p.Err != nil {
		s += ": " + p.Err.Error()
	}
	g.states = append(g.states, s)
}

// onAir fails unless just these were sent since the last time.
func (g *fixture) onAir(want ...string) {
	g.Helper()
	equal(g, "sent", &g.sent, want)
}

// went fails unless just these states were entered since the last time.
func (g *fixture) went(want ...string) {
	g.Helper()
	equal(g, "states", &g.states, want)
}

func equal(g *fixture, what string, got *[]string, want []string) {
	g.Helper()
	synctest.Wait()
	g.mu.Lock()
	defer g.mu.Unlock()
	if !slices.Equal(*got, want) {
		g.Errorf("%s: %q, want %q", what, *got, want)
	}
	*got = nil
}

// pending is a message that is being sent.
type pending struct {
	g      *fixture
	cancel context.CancelFunc
	result chan error
}

// begin sends without waiting for more than that nothing moves any more.
func (g *fixture) begin(c *msg.Client, to, text string) *pending {
	ctx, cancel := context.WithCancel(context.Background())
	p := &pending{g, cancel, make(chan error, 1)}
	go func() {
		defer cancel()
		p.result <- c.Send(ctx, msg.Message{To: to, Text: text})
	}()
	synctest.Wait()
	return p
}

// waits fails if there is a result.
func (p *pending) waits() {
	p.g.Helper()
	select {
	case err := <-p.result:
		p.g.Fatalf("it ended: %v", err)
	default:
	}
}

// is fails unless the result is there, and as wanted.
func (p *pending) is(want error) {
	p.g.Helper()
	synctest.Wait()
	select {
	case err := <-p.result:
		if !errors.Is(err, want) {
			p.g.Errorf("%v, want %v", err, want)
		}
	default:
		p.g.Fatal("no result yet")
	}
}

// dialog is a dialog creator that the test answers.
type dialog struct {
	*service.Prompt
	answer chan policy.Options
	gone   <-chan struct{} // closed when it must vanish
	asks   chan<- *dialog
}

func (g *fixture) newDialog(uint32) (service.DialogCreator, error) {
	return &dialog{asks: g.asks, answer: make(chan policy.Options)}, nil
}

func (d *dialog) Prepare(_ context.Context, p *service.Prompt) error {
	d.Prompt = p
	return nil
}

func (d *dialog) Display(ctx context.Context, _ uint32) (service.Choice, error) {
	d.gone = ctx.Done()
	d.asks <- d
	select {
	case o := <-d.answer:
		return service.Choice{Option: o}, nil
	case <-ctx.Done():
		return service.Choice{}, service.ErrNoAnswer
	}
}

// next returns the dialog that is up, or fails.
func (g *fixture) next(who msg.Process, number string) *dialog {
	g.Helper()
	synctest.Wait()
	select {
	case d := <-g.asks:
		if d.Client.SID != who.SID || d.Destination != number {
			g.Fatalf("the dialog is about %#x to %s", d.Client.SID, d.Destination)
		}
		return d
	default:
		g.Fatalf("no dialog is up, want one about %#x to %s", who.SID, number)
		return nil
	}
}

// vanished fails if the dialog is still up.
func (g *fixture) vanished(d *dialog) {
	g.Helper()
	synctest.Wait()
	select {
	case <-d.gone:
	default:
		g.Error("the dialog is still up")
	}
}

// records returns what the decision database holds.
func (g *fixture) records() (all []string) {
	for r, err := range g.db.List(context.Background(), decision.Filter{}) {
		g.must(err)
		all = append(all, fmt.Sprintf("%#x %s: %s", r.Client, r.Description, r.Result))
	}
	return all
}
