package servicetest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"ups/internal/rsc"
	"ups/policy"
	"ups/runtime"
	"ups/runtime/decision"
	"ups/runtime/service"
)

// Who takes part in the tests of the service.
const (
	theServer    = 0x10204040
	theService   = 43
	theEvaluator = 0x20000001
	theCreator   = 0x20000002
	anApp        = 0x10000001 // protected
	aWildApp     = 0x80000001 // unprotected
)

// world is where a test runs.
type world struct {
	Transport
	bubble bool // the test is in a bubble of testing/synctest
}

// run runs a test in a bubble, if the transport can be in one.
func (w world) run(t *testing.T, test func(*testing.T, world)) {
	if !w.Bubble {
		test(t, w)
		return
	}
	w.bubble = true
	synctest.Test(t, func(t *testing.T) { test(t, w) })
}

// fixture is a service and all that is around it.
type fixture struct {
	world
	t         testing.TB
	rom       string
	system    string
	store     *runtime.Store
	db        decision.DB
	server    *service.Server
	end       Endpoint
	session   Session
	user      *user
	evaluator *fakeEvaluator

	asking atomic.Int32 // requests that were begun, and have not ended
	mu     sync.Mutex
	said   service.Outcome // of the request that ended last
}

// list makes a policy file that always asks the service.
func list(policies ...policy.Policy) *policy.File {
	return &policy.File{
		UID2: policy.ResourceFileUID, UID3: 1, Version: policy.FormatVersion,
		Header:   &policy.Header{AuthorisationPolicy: policy.AlwaysCheck, DialogCreator: theCreator},
		Policies: policies,
	}
}

// offer makes a policy for all requests.
func offer(o policy.Options) policy.Policy {
	return policy.Policy{SIDClasses: policy.AllSIDs, Destination: policy.NewText("*"), Options: o}
}

// evaluated makes a policy file whose evaluator is that of the fixture.
func evaluated(o policy.Options) *policy.File {
	f := list(offer(o))
	f.Header.PolicyEvaluator = theEvaluator
	return f
}

func putFile(t testing.TB, folder string, service uint32, f *policy.File) {
	t.Helper()
	b, err := rsc.Encode(f)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, policy.Service{Server: theServer, Service: service}.FileName(policy.CompiledExt)), b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// newFixture makes a service with that policy file, nil for none, and a session.
func (w world) newFixture(t testing.TB, f *policy.File, change ...func(*service.Options)) *fixture {
	t.Helper()
	g := &fixture{world: w, t: t, rom: t.TempDir(), system: t.TempDir(), db: decision.NewMemory(), user: newUser(), evaluator: &fakeEvaluator{}}
	if f != nil {
		putFile(t, g.rom, theService, f)
	}
	var err error
	if g.store, err = runtime.Open(g.rom, g.system, runtime.StoreOptions{Report: func(runtime.Problem) {}}); err != nil {
		t.Fatal(err)
	}
	opt := service.Options{Store: g.store, DB: g.db, OnOutcome: func(context.Context, service.Outcome, error) {}, PlugIns: service.Registry{
		Evaluators:     map[uint32]service.EvaluatorFactory{theEvaluator: g.evaluator.new},
		DialogCreators: map[uint32]service.DialogCreatorFactory{theCreator: g.user.new},
	}}
	if !w.bubble {
		opt.Limits = service.Limits{Evaluate: time.Second, Prepare: time.Second} // some tests wait for them
	}
	for _, c := range change {
		c(&opt)
	}
	g.server, g.end = w.Start(t, opt)
	t.Cleanup(func() {
		g.server.Close()
		g.checkIdle()
	})
	if g.session, err = g.end.Connect(context.Background(), service.Caller{SID: theServer, Capabilities: service.ProtServ}); err != nil {
		t.Fatal(err)
	}
	return g
}

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

// path is that of the policy file of a service in the ROM folder.
func (g *fixture) path(service uint32) string {
	return filepath.Join(g.rom, policy.Service{Server: theServer, Service: service}.FileName(policy.CompiledExt))
}

// reload takes up changed policy files, as a watch does, and waits until sessions
// know.
func (g *fixture) reload() {
	g.t.Helper()
	if err := g.store.Reload(); err != nil {
		g.t.Fatal(err)
	}
	g.settleRemote()
}

// settleRemote is settle, if the service is asked by messages.
func (g *fixture) settleRemote() {
	if g.Remote {
		g.settle()
	}
}

// decided is the part of an outcome that most tests check.
func decided(o service.Outcome, err error) (policy.Decision, error) { return o.Decision, err }

// wraps reports whether an error is, or wraps, another. One that the API doesn't
// know comes as its text.
func (g *fixture) wraps(err, want error) bool {
	return errors.Is(err, want) || g.Remote && err != nil && want != nil && strings.Contains(err.Error(), want.Error())
}

// last returns the outcome of the request that ended last.
func (g *fixture) last() service.Outcome {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.said
}

// authorise asks in a subsession.
func (g *fixture) authorise(ctx context.Context, sub Subsession, q service.Query) (service.Outcome, error) {
	g.asking.Add(1)
	defer g.asking.Add(-1)
	o, err := sub.Authorise(ctx, q)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.said = o
	return o, err
}

// checkIdle fails if anything is left of a request.
func (g *fixture) checkIdle() {
	g.t.Helper()
	if st := g.server.Status(); st.Requests != 0 || st.Waiting != 0 || st.Dialog || st.Round || st.Disputes != 0 {
		g.t.Errorf("left in the service: %+v", st)
	}
}

func (g *fixture) open(sid uint32) Subsession {
	g.t.Helper()
	sub, err := g.session.Open(service.Client{SID: sid, Drive: 'C'})
	if err != nil {
		g.t.Fatal(err)
	}
	return sub
}

// ask asks for a client, with a check that passed, and waits.
func (g *fixture) ask(sid uint32, destination string) (policy.Decision, error) {
	return decided(g.authorise(context.Background(), g.open(sid), service.Query{Service: theService, Destination: destination, Passed: true}))
}

// must asks, and fails unless the answer is as wanted.
func (g *fixture) must(sid uint32, destination string, want policy.Decision, from service.Source) {
	g.t.Helper()
	d, err := g.ask(sid, destination)
	if o := g.last(); d != want || err != nil || o.Source != from {
		g.t.Errorf("%q: %v from %v, error %v, want %v from %v", destination, d, o.Source, err, want, from)
	}
}

// pending is a request under way.
type pending struct {
	name   string
	remote bool // its answer takes a while to arrive
	cancel context.CancelFunc
	done   chan struct{}
	got    policy.Decision
	err    error
}

// begin asks for a client without waiting.
func (g *fixture) begin(sid uint32, destination string) *pending {
	ctx, cancel := context.WithCancel(context.Background())
	p := &pending{name: destination, remote: !g.bubble, cancel: cancel, done: make(chan struct{})}
	sub := g.open(sid)
	go func() {
		defer close(p.done)
		defer cancel()
		p.got, p.err = decided(g.authorise(ctx, sub, service.Query{Service: theService, Destination: destination, Passed: true}))
		sub.Close()
	}()
	return p
}

func (p *pending) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// patience is how long an answer may take to arrive: other programs may run too.
const patience = 20 * time.Second

// arrived reports whether the request has ended, and waits for its answer to arrive.
func (p *pending) arrived() bool {
	if !p.remote {
		return p.ended()
	}
	select {
	case <-p.done:
		return true
	case <-time.After(patience):
		return false
	}
}

// records returns what is stored, in a few words.
func (g *fixture) records() []decision.Record {
	g.t.Helper()
	var all []decision.Record
	for r, err := range g.db.List(context.Background(), decision.Filter{}) {
		if err != nil {
			g.t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

// results returns the results and the infos of what is stored, in the order of
// the ids.
func (g *fixture) results() (all []string) {
	for _, r := range g.records() {
		all = append(all, r.Result.String())
	}
	return all
}

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

// fakeEvaluator is the policy evaluator of the fixture. Without functions it does as the
// default one.
type fakeEvaluator struct {
	fingerprints func(context.Context, *service.Request) (service.Evaluation, error)
	force        func(context.Context, decision.Record) (bool, uint32, error)
	mu           sync.Mutex
	forceAsked   []uint64 // ids that force was asked about
}

func (m *fakeEvaluator) new(uint32) (service.PolicyEvaluator, error) { return m, nil }

func (m *fakeEvaluator) Fingerprints(ctx context.Context, r *service.Request) (service.Evaluation, error) {
	if m.fingerprints != nil {
		return m.fingerprints(ctx, r)
	}
	return service.Evaluation{Fingerprints: []service.Fingerprint{{}}}, nil
}

func (m *fakeEvaluator) ForcePrompt(ctx context.Context, rec decision.Record) (bool, uint32, error) {
	m.mu.Lock()
	m.forceAsked = append(m.forceAsked, rec.ID)
	m.mu.Unlock()
	if m.force != nil {
		return m.force(ctx, rec)
	}
	return false, rec.Info, nil
}

// asked returns what force was asked about since the last time.
func (m *fakeEvaluator) asked() []uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	was := m.forceAsked
	m.forceAsked = nil
	return was
}

// prints makes an evaluation of those fingerprints.
func prints(bytes ...string) service.Evaluation {
	var e service.Evaluation
	for _, b := range bytes {
		e.Fingerprints = append(e.Fingerprints, service.Fingerprint{Bytes: b, Description: "of " + b})
	}
	return e
}

// byDestination makes an evaluator's one fingerprint of the destination.
func byDestination(_ context.Context, r *service.Request) (service.Evaluation, error) {
	return prints(r.Destination), nil
}

// keep stores an answer of anApp under the fixture's evaluator.
func (g *fixture) keep(fingerprint string, result decision.Result, info uint32) uint64 {
	g.t.Helper()
	id, err := g.db.Store(context.Background(), decision.Record{Key: decision.Key{
		Client: anApp, Evaluator: theEvaluator, Service: theService, Server: theServer, Fingerprint: fingerprint,
	}, Result: result, Info: info})
	if err != nil {
		g.t.Fatal(err)
	}
	return id
}

func equal[T comparable](t testing.TB, what string, got []T, want ...T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}
