package client

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	goruntime "runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"connectrpc.com/connect"

	"ups/internal/rsc"
	"ups/policy"
	"ups/runtime"
	"ups/runtime/decision"
	"ups/runtime/internal/messages"
	"ups/runtime/server"
	"ups/runtime/service"
)

const theEvaluator = 0x20000001

// newMachineOfPrograms is one whose plug-ins are programs.
func newMachineOfPrograms(t *testing.T) *machine {
	t.Helper()
	m := newMachine(t)
	m.who.PlugIns = []server.PlugIn{{Kind: server.PolicyEvaluator, UID: theEvaluator}, {Kind: server.DialogCreator, UID: theCreator}}
	m.programs = server.NewPlugIns()
	m.opt.PlugIns = m.programs
	m.opt.Limits.Grace = 5 * time.Second
	b, err := rsc.Encode(&policy.File{
		UID2: policy.ResourceFileUID, UID3: 1, Version: policy.FormatVersion,
		Header:   &policy.Header{PolicyEvaluator: theEvaluator, DialogCreator: theCreator, MajorVersion: 1},
		Policies: []policy.Policy{{SIDClasses: policy.AllSIDs, Destination: policy.NewText("*"), Options: policy.AllOptions}},
	})
	if err != nil {
		t.Fatal(err)
	}
	name := policy.Service{Server: theServer, Service: theService}.FileName(policy.CompiledExt)
	if err := os.WriteFile(filepath.Join(m.rom, name), b, 0o600); err != nil {
		t.Fatal(err)
	}
	return m
}

// scripted is both plug-ins, one of each for each request, by functions.
type scripted struct {
	mu    sync.Mutex
	made  []*instance
	force bool
	do    func(ctx context.Context, method, destination string) error // nil for nothing
	says  func(*service.Evaluation)                                   // changes what is said; may be nil
}

// instance is what is made for one request.
type instance struct {
	of     *scripted
	calls  []string
	prompt *service.Prompt
	about  string // the destination
	life   context.Context
}

func (s *scripted) make() *instance {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := &instance{of: s}
	s.made = append(s.made, i)
	return i
}

func (s *scripted) evaluator(uint32) (service.PolicyEvaluator, error) { return s.make(), nil }

func (s *scripted) creator(uint32) (service.DialogCreator, error) { return s.make(), nil }

func (i *instance) called(ctx context.Context, method string) error {
	i.calls = append(i.calls, method)
	i.life = service.RequestContext(ctx)
	if i.of.do == nil {
		return nil
	}
	return i.of.do(ctx, method, i.about)
}

func (i *instance) Fingerprints(ctx context.Context, r *service.Request) (e service.Evaluation, err error) {
	i.about = r.Destination
	e = service.Evaluation{
		Fingerprints: []service.Fingerprint{{Bytes: r.Destination, Description: "this"}, {Description: "all"}},
		Data:         []byte("data"),
	}
	if i.of.says != nil {
		i.of.says(&e)
	}
	return e, i.called(ctx, "fingerprints")
}

func (i *instance) ForcePrompt(ctx context.Context, rec decision.Record) (bool, uint32, error) {
	return i.of.force, rec.Info + 1, i.called(ctx, "force")
}

func (i *instance) Prepare(ctx context.Context, p *service.Prompt) error {
	i.prompt, i.about = p, p.Destination
	return i.called(ctx, "prepare")
}

func (i *instance) Display(ctx context.Context, info uint32) (service.Choice, error) {
	err := i.called(ctx, "display")
	return service.Choice{Option: policy.Always, Fingerprint: 1, Own: &service.Fingerprint{Bytes: "own"}, Info: info + 1}, err
}

// attach makes a program of both plug-ins, and waits until they are attached.
func (m *machine) attach(s *scripted) {
	m.t.Helper()
	attached := make(chan error, 100)
	c := m.dial(func(o *Options) { o.Attached = func(err error) { attached <- err } })
	go c.AttachEvaluator(context.Background(), theEvaluator, s.evaluator)
	m.receive(attached, nil)
	go c.AttachDialogCreator(context.Background(), theCreator, s.creator)
	m.receive(attached, nil)
}

func (m *machine) receive(from <-chan error, want error) {
	m.t.Helper()
	select {
	case err := <-from:
		if !errors.Is(err, want) {
			m.t.Errorf("%v, want %v", err, want)
		}
	case <-time.After(time.Minute):
		m.t.Fatal("nothing is said")
	}
}

func ask(ctx context.Context, sub *Subsession, destination string) (service.Outcome, error) {
	return sub.Authorise(ctx, service.Query{Service: theService, Destination: destination})
}

// What one process has, two have too: one of each for a request, with what it knows,
// whatever is returned, and an end.
func TestPlugInOfAnotherProcess(t *testing.T) {
	m := newMachineOfPrograms(t)
	m.start()
	s := &scripted{}
	m.attach(s)
	_, sub := m.open(m.dial())
	o, err := ask(t.Context(), sub, "x")
	if err != nil || o.Source != service.SourcePrompt || o.Decision != policy.DecisionSessionYes || o.Stored == 0 {
		t.Fatalf("%+v, %v", o, err)
	}
	for rec, err := range m.opt.DB.List(t.Context(), decision.Filter{}) {
		if err != nil || rec.Fingerprint != "own" || rec.Info != 1 {
			t.Errorf("%+v, %v", rec, err)
		}
	}
	s.mu.Lock()
	s.says = func(e *service.Evaluation) { e.Fingerprints[1].Bytes = "own" }
	s.force = true
	s.mu.Unlock()
	if o, err = ask(t.Context(), sub, "x"); err != nil || !o.Forced {
		t.Fatalf("%+v, %v", o, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	want := []string{"[fingerprints]", "[prepare display]", "[fingerprints force]", "[prepare display]"}
	if len(s.made) != len(want) {
		t.Fatalf("%d were made", len(s.made))
	}
	for i, made := range s.made {
		if got := fmt.Sprint(made.calls); got != want[i] {
			t.Errorf("%d: %s, want %s", i, got, want[i])
		}
		select {
		case <-made.life.Done():
		case <-time.After(time.Minute):
			t.Errorf("%d: the request isn't over", i)
		}
	}
	prompt := s.made[3].prompt
	if !prompt.Forced || string(prompt.Data.([]byte)) != "data" || prompt.Client.SID != 0x10000001 || prompt.Policy.Policy.Options != policy.AllOptions {
		t.Errorf("%+v", prompt)
	}
}

// However a plug-in fails, its request alone does, with the error that it would have
// in one process.
func TestPlugInThatFails(t *testing.T) {
	var noMap map[string]int
	own := errors.New("its own")
	for name, c := range map[string]struct {
		do   func(context.Context) error
		want error
	}{
		"error":      {func(context.Context) error { return own }, nil},
		"wraps":      {func(context.Context) error { return fmt.Errorf("no: %w", service.ErrNoAnswer) }, service.ErrNoAnswer},
		"platform's": {func(context.Context) error { return runtime.ErrMissingArgument }, runtime.ErrMissingArgument},
		"panic":      {func(context.Context) error { panic("its own") }, service.ErrPlugInPanic},
		"nil map":    {func(context.Context) error { noMap["a"] = 1; return nil }, service.ErrPlugInPanic},
		"of a type":  {func(context.Context) error { panic(t) }, service.ErrPlugInPanic},
		"goexit":     {func(context.Context) error { goruntime.Goexit(); return nil }, service.ErrPlugInPanic},
		"its error":  {func(context.Context) error { return panicking{} }, service.ErrPlugInPanic},
		"too long": {func(ctx context.Context) error {
			<-ctx.Done()
			return nil
		}, service.ErrPlugInTime},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMachineOfPrograms(t)
			m.opt.Limits = service.Limits{Evaluate: 500 * time.Millisecond, Prepare: 500 * time.Millisecond, Display: 500 * time.Millisecond}
			m.start()
			var bad string // the method
			m.attach(&scripted{do: func(ctx context.Context, method, about string) error {
				if method != bad || about != "bad" {
					return nil
				}
				return c.do(ctx)
			}})
			client := m.dial()
			_, sub := m.open(client)
			_, other := m.open(client)
			for _, bad = range []string{"fingerprints", "prepare", "display"} {
				done := make(chan error)
				go func() {
					o, err := ask(t.Context(), other, bad) // of its own fingerprint
					if err == nil && o.Decision != policy.DecisionSessionYes {
						err = errors.New(o.Decision.String())
					}
					done <- err
				}()
				o, err := ask(t.Context(), sub, "bad")
				if err == nil || o.Decision != policy.DecisionNo || c.want != nil && !errors.Is(err, c.want) || c.want == nil && !strings.HasSuffix(err.Error(), own.Error()) {
					t.Errorf("%s: %+v, %v", bad, o.Decision, err)
				}
				if err := <-done; err != nil {
					t.Errorf("%s: beside it: %v", bad, err)
				}
			}
		})
	}
}

// A plug-in says nothing in the name of the service: by its error the request fails, and
// isn't asked again.
func TestPlugInThatSpeaksForTheServer(t *testing.T) {
	for _, said := range []error{messages.ErrNoSession, service.ErrClosed, service.ErrPlugInGone, service.ErrPermissionDenied} {
		m := newMachineOfPrograms(t)
		m.start()
		var asked atomic.Int32
		m.attach(&scripted{do: func(context.Context, string, string) error {
			asked.Add(1)
			return fmt.Errorf("really: %w", said)
		}})
		_, sub := m.open(m.dial(func(o *Options) { o.Wait = time.Second }))
		o, err := ask(t.Context(), sub, "x")
		if o.Decision != policy.DecisionNo || err == nil || errors.Is(err, said) || !strings.Contains(err.Error(), "really: "+said.Error()) {
			t.Errorf("%v: %v, %v", said, o.Decision, err)
		}
		if n := asked.Load(); n != 1 {
			t.Errorf("%v: the plug-in is asked %d times", said, n)
		}
	}
}

// panicking is an error that can't be read.
type panicking struct{}

func (panicking) Error() string { panic("unreadable") }

// What a factory doesn't make, and what can't go to another process.
func TestWhatCannotBeSent(t *testing.T) {
	m := newMachineOfPrograms(t)
	m.start()
	s := &scripted{}
	m.attach(s)
	_, sub := m.open(m.dial())
	for name, c := range map[string]struct {
		says func(*service.Evaluation)
		want string
	}{
		"data":             {func(e *service.Evaluation) { e.Data = 7 }, "int"},
		"much data":        {func(e *service.Evaluation) { e.Data = make([]byte, 61<<10) }, "the limit is 61440"},
		"long fingerprint": {func(e *service.Evaluation) { e.Fingerprints[0].Bytes = strings.Repeat("x", 33) }, runtime.ErrBadFingerprintLength.Error()},
		"long entity":      {func(e *service.Evaluation) { e.Entity = strings.Repeat("x", 33) }, runtime.ErrBadClientEntityLength.Error()},
	} {
		s.mu.Lock()
		s.says = c.says
		s.mu.Unlock()
		if _, err := ask(t.Context(), sub, "x"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.mu.Lock()
	s.says = func(e *service.Evaluation) { e.Fingerprints[1].Description = "a\xffb" }
	s.mu.Unlock()
	if o, err := ask(t.Context(), sub, "x"); err != nil || o.Decision != policy.DecisionSessionYes {
		t.Errorf("%+v, %v", o, err)
	}
}

func TestFactoryThatMakesNothing(t *testing.T) {
	m := newMachineOfPrograms(t)
	m.start()
	attached := make(chan error, 1)
	c := m.dial(func(o *Options) { o.Attached = func(err error) { attached <- err } })
	go c.AttachEvaluator(t.Context(), theEvaluator, func(uint32) (service.PolicyEvaluator, error) { return nil, nil })
	m.receive(attached, nil)
	_, sub := m.open(m.dial())
	if _, err := ask(t.Context(), sub, "x"); !errors.Is(err, runtime.ErrMissingPolicyEvaluator) {
		t.Error(err)
	}
}

// A request that is cancelled makes the dialog vanish: the context of Display is done,
// and that of the request after it.
func TestCancelledDialog(t *testing.T) {
	m := newMachineOfPrograms(t)
	m.start()
	shown, vanished := make(chan context.Context), make(chan struct{})
	m.attach(&scripted{do: func(ctx context.Context, method, _ string) error {
		if method != "display" {
			return nil
		}
		shown <- service.RequestContext(ctx)
		<-ctx.Done()
		if service.RequestContext(ctx).Err() != nil {
			t.Error("the request is over before its dialog has vanished")
		}
		close(vanished)
		return context.Cause(ctx)
	}})
	_, sub := m.open(m.dial())
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := ask(ctx, sub, "x")
		done <- err
	}()
	life := <-shown
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	select {
	case <-vanished:
	default:
		t.Error("the request has ended before its dialog")
	}
	<-life.Done()
}

// A plug-in survives the server: its dialog vanishes, and it is attached to the next.
func TestPlugInReconnects(t *testing.T) {
	m := newMachineOfPrograms(t)
	m.start()
	attached := make(chan error, 1000)
	c := m.dial(func(o *Options) { o.Attached = func(err error) { attached <- err } })
	shown, vanished := make(chan struct{}), make(chan struct{}, 1)
	s := &scripted{do: func(ctx context.Context, method, about string) error {
		if method == "display" && about == "cut" {
			close(shown)
			<-ctx.Done()
			vanished <- struct{}{}
		}
		return nil
	}}
	go c.AttachDialogCreator(t.Context(), theCreator, s.creator)
	m.receive(attached, nil)
	evaluators := m.dial(func(o *Options) { o.Attached = func(err error) { attached <- err } })
	go evaluators.AttachEvaluator(t.Context(), theEvaluator, s.evaluator)
	m.receive(attached, nil)
	_, sub := m.open(m.dial())
	done := make(chan error)
	go func() {
		_, err := ask(t.Context(), sub, "cut")
		done <- err
	}()
	<-shown
	m.http.Close()
	if err := <-done; err == nil {
		t.Error("the request was answered")
	}
	<-vanished
	m.kill()
	m.start()
	for again := 0; again < 2; {
		if err := <-attached; err == nil {
			again++
		}
	}
	_, sub = m.open(m.dial())
	if o, err := ask(t.Context(), sub, "x"); err != nil || o.Decision != policy.DecisionSessionYes {
		t.Errorf("%+v, %v", o, err)
	}
}

// A program that may not be the plug-in is told at once, and doesn't try again.
func TestPlugInThatIsRefused(t *testing.T) {
	m := newMachineOfPrograms(t)
	m.start()
	s := &scripted{}
	m.attach(s)
	c := m.dial()
	if err := c.AttachEvaluator(t.Context(), theEvaluator+1, s.evaluator); !errors.Is(err, service.ErrPermissionDenied) {
		t.Errorf("another UID: %v", err)
	}
	if err := c.AttachEvaluator(t.Context(), theEvaluator, s.evaluator); connect.CodeOf(err) != connect.CodeAlreadyExists {
		t.Errorf("a second program: %v", err)
	}
}

// How being a plug-in ends.
func TestEndOfPlugIn(t *testing.T) {
	m := newMachineOfPrograms(t)
	m.start()
	attached := make(chan error, 10)
	c := m.dial(func(o *Options) { o.Attached = func(err error) { attached <- err } })
	s := &scripted{}
	own := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- c.AttachEvaluator(ctx, theEvaluator, s.evaluator) }()
	m.receive(attached, nil)
	cancel(own)
	m.receive(ended, own)
	for attempt := 0; ; attempt++ { // the server has noticed
		_, err := m.programs.Evaluator(theEvaluator)
		if errors.Is(err, runtime.ErrMissingPolicyEvaluator) {
			break
		}
		if attempt == 6000 {
			t.Fatal("it is still attached")
		}
		time.Sleep(10 * time.Millisecond)
	}
	go func() { ended <- c.AttachDialogCreator(t.Context(), theCreator, s.creator) }()
	m.receive(attached, nil)
	c.Close()
	m.receive(ended, service.ErrClosed)
}

// A program isn't kept waiting by a server whose plug-ins are no programs.
func TestAttachWhereNoneMay(t *testing.T) {
	m := newMachine(t)
	m.start()
	c := m.dial(func(o *Options) { o.Attached = func(err error) { t.Errorf("attached: %v", err) } })
	if err := c.AttachEvaluator(t.Context(), theEvaluator, new(scripted).evaluator); !errors.Is(err, service.ErrPermissionDenied) {
		t.Errorf("%v", err)
	}
}

// A program that a change of the configuration detaches is attached again if it may be.
func TestAttachedAfterAChange(t *testing.T) {
	m := newMachineOfPrograms(t)
	m.start()
	attached := make(chan error, 10)
	c := m.dial(func(o *Options) { o.Attached = func(err error) { attached <- err } })
	over := make(chan error, 1)
	go func() { over <- c.AttachEvaluator(t.Context(), theEvaluator, new(scripted).evaluator) }()
	m.receive(attached, nil)
	m.who.PlugIns = m.who.PlugIns[:1] // the creator may not
	m.api.IdentitiesChanged()
	m.receive(attached, messages.ErrNoSession)
	m.receive(attached, nil)
	m.who.PlugIns = nil
	m.api.IdentitiesChanged()
	m.receive(attached, messages.ErrNoSession)
	m.receive(over, service.ErrPermissionDenied)
}
