package service

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ups/internal/rsc"
	"ups/policy"
	"ups/runtime"
	"ups/runtime/decision"
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

// fixture is a service and all that is around it. It is that of servicetest, for tests
// that look into this package: they belong to it, and what it imports in a test can't
// import it, as servicetest does.
type fixture struct {
	t         testing.TB
	rom       string
	system    string
	store     *runtime.Store
	db        decision.DB
	server    *Server
	session   *Session
	report    func(runtime.Problem) // nil is for nobody
	user      *user
	evaluator *fakeEvaluator

	mu       sync.Mutex
	outcomes []noted
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
func newFixture(t testing.TB, f *policy.File, change ...func(*Options)) *fixture {
	t.Helper()
	return newFixtureOver(t, f, runtime.StoreOptions{}, change...)
}

func newFixtureOver(t testing.TB, f *policy.File, files runtime.StoreOptions, change ...func(*Options)) *fixture {
	t.Helper()
	g := &fixture{t: t, rom: t.TempDir(), system: t.TempDir(), db: decision.NewMemory(), user: newUser(), evaluator: &fakeEvaluator{}}
	if f != nil {
		putFile(t, g.rom, theService, f)
	}
	var err error
	files.Report = func(p runtime.Problem) {
		if g.report != nil {
			g.report(p)
		}
	}
	if g.store, err = runtime.Open(g.rom, g.system, files); err != nil {
		t.Fatal(err)
	}
	opt := Options{Store: g.store, DB: g.db, OnOutcome: g.note, PlugIns: Registry{
		Evaluators:     map[uint32]EvaluatorFactory{theEvaluator: g.evaluator.new},
		DialogCreators: map[uint32]DialogCreatorFactory{theCreator: g.user.new},
	}}
	for _, c := range change {
		c(&opt)
	}
	if g.server, err = New(opt); err != nil {
		t.Fatal(err)
	}
	if g.session, err = g.server.Connect(context.Background(), Caller{SID: theServer, Capabilities: ProtServ}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		g.server.Close()
		g.checkIdle()
	})
	return g
}

// path is that of the policy file of a service in the ROM folder.
func (g *fixture) path(service uint32) string {
	return filepath.Join(g.rom, policy.Service{Server: theServer, Service: service}.FileName(policy.CompiledExt))
}

// withSlowFile replaces a fixture's store by one with a policy file of one system
// server that is being written until the test has ended.
func withSlowFile(t *testing.T, server uint32) func(*Options) {
	t.Helper()
	rom := t.TempDir()
	store, err := runtime.Open(rom, "", runtime.StoreOptions{Settle: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(rom, policy.Service{Server: server, Service: 6}.FileName(policy.CompiledExt)), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := store.Reload(); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Watch(t.Context()); err != nil {
		t.Fatal(err)
	}
	return func(o *Options) { o.Store = store }
}

func reload(t testing.TB, s *runtime.Store) {
	t.Helper()
	if err := s.Reload(); err != nil {
		t.Fatal(err)
	}
}

// noted is an outcome, with its error.
type noted struct {
	Outcome
	Err error
}

func (g *fixture) note(_ context.Context, o Outcome, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.outcomes = append(g.outcomes, noted{o, err})
}

// decided is the part of an outcome that most tests check.
func decided(o Outcome, err error) (policy.Decision, error) { return o.Decision, err }

// last returns the outcome of the request that ended last.
func (g *fixture) last() noted {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.outcomes) == 0 {
		return noted{}
	}
	return g.outcomes[len(g.outcomes)-1]
}

// checkIdle fails if anything is left of a request.
func (g *fixture) checkIdle() {
	g.t.Helper()
	gt := &g.server.gate
	gt.mu.Lock()
	defer gt.mu.Unlock()
	if gt.holder != nil || gt.head != nil || gt.tail != nil || gt.turn != nil || gt.waiting != 0 || len(gt.disputes) != 0 {
		g.t.Errorf("left at the gate: up %v, first %v, turn %v, %d waiting, disputes %v", gt.holder, gt.head, gt.turn, gt.waiting, gt.disputes)
	}
	for _, uses := range []int{usesOf(&g.server.evaluators), usesOf(&g.server.creators)} {
		if uses != 0 {
			g.t.Errorf("%d plug-ins are still in use", uses)
		}
	}
}

func usesOf[F any](c *plugInCache[F]) (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, k := range c.cached {
		n += k.uses
	}
	return n
}

func (g *fixture) open(sid uint32) *Subsession {
	g.t.Helper()
	sub, err := g.session.Open(Client{SID: sid, Drive: 'C'})
	if err != nil {
		g.t.Fatal(err)
	}
	return sub
}

// ask asks for a client, with a check that passed, and waits.
func (g *fixture) ask(sid uint32, destination string) (policy.Decision, error) {
	return decided(g.open(sid).Authorise(context.Background(), Query{Service: theService, Destination: destination, Passed: true}))
}

// must asks, and fails unless the answer is as wanted.
func (g *fixture) must(sid uint32, destination string, want policy.Decision, from Source) {
	g.t.Helper()
	d, err := g.ask(sid, destination)
	if o := g.last(); d != want || err != nil || o.Source != from {
		g.t.Errorf("%q: %v from %v, error %v, want %v from %v", destination, d, o.Source, err, want, from)
	}
}

// pending is a request under way.
type pending struct {
	name   string
	cancel context.CancelFunc
	done   chan struct{}
	got    policy.Decision
	err    error
}

// begin asks for a client without waiting.
func (g *fixture) begin(sid uint32, destination string) *pending {
	ctx, cancel := context.WithCancel(context.Background())
	p := &pending{name: destination, cancel: cancel, done: make(chan struct{})}
	sub := g.open(sid)
	go func() {
		defer close(p.done)
		defer cancel()
		p.got, p.err = decided(sub.Authorise(ctx, Query{Service: theService, Destination: destination, Passed: true}))
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
	answers func(*shownDialog) (Choice, error) // at once, unless nil
	prepare func(context.Context, *Prompt) error
	up      atomic.Int32
	most    atomic.Int32 // dialogs that were up at one time
	shown   atomic.Int32 // dialogs in all
}

// shownDialog is one dialog.
type shownDialog struct {
	*Prompt
	ctx    context.Context // of the call of Display
	info   uint32
	answer chan reply
}

// after answers when that time has passed.
func (s *shownDialog) after(d time.Duration, c Choice) (Choice, error) {
	select {
	case <-time.After(d):
		return c, nil
	case <-s.ctx.Done():
		return Choice{}, context.Cause(s.ctx)
	}
}

type reply struct {
	Choice
	err error
}

func newUser() *user { return &user{asks: make(chan *shownDialog, 1000)} }

func (u *user) new(uint32) (DialogCreator, error) { return &creator{user: u}, nil }

type creator struct {
	user   *user
	prompt *Prompt
}

func (c *creator) Prepare(ctx context.Context, p *Prompt) error {
	c.prompt = p
	if c.user.prepare != nil {
		return c.user.prepare(ctx, p)
	}
	return nil
}

func (c *creator) Display(ctx context.Context, info uint32) (Choice, error) {
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
		return Choice{}, context.Cause(ctx)
	}
}

// always makes the user answer so, at once.
func (u *user) always(o policy.Options) {
	u.answers = func(*shownDialog) (Choice, error) { return Choice{Option: o}, nil }
}

// next returns the dialog that is up, or fails.
func (g *fixture) next(destination string) *shownDialog {
	g.t.Helper()
	select {
	case s := <-g.user.asks:
		if s.Destination != destination {
			g.t.Fatalf("the dialog is for %q, want %q", s.Destination, destination)
		}
		return s
	default:
		g.t.Fatalf("no dialog is up, want one for %q", destination)
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
	c := Choice{Option: o}
	if len(info) > 0 {
		c.Info = info[0]
	}
	s.answer <- reply{Choice: c}
}

// fakeEvaluator is the policy evaluator of the fixture. Without functions it does as the
// default one.
type fakeEvaluator struct {
	fingerprints func(context.Context, *Request) (Evaluation, error)
	force        func(context.Context, decision.Record) (bool, uint32, error)
	mu           sync.Mutex
	forceAsked   []uint64 // ids that force was asked about
}

func (m *fakeEvaluator) new(uint32) (PolicyEvaluator, error) { return m, nil }

func (m *fakeEvaluator) Fingerprints(ctx context.Context, r *Request) (Evaluation, error) {
	if m.fingerprints != nil {
		return m.fingerprints(ctx, r)
	}
	return Evaluation{Fingerprints: defaultFingerprints}, nil
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
func prints(bytes ...string) Evaluation {
	var e Evaluation
	for _, b := range bytes {
		e.Fingerprints = append(e.Fingerprints, Fingerprint{Bytes: b, Description: "of " + b})
	}
	return e
}

// byDestination makes an evaluator's one fingerprint of the destination.
func byDestination(_ context.Context, r *Request) (Evaluation, error) {
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
