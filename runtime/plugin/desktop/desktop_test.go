package desktop

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"ups/policy"
	"ups/runtime/service"
)

// asking is a dialog that is up.
type asking struct {
	choice service.Choice
	err    error
	done   chan struct{}
}

func (b *bus) show(ctx context.Context, p *service.Prompt, o Options) *asking {
	b.t.Helper()
	o.Address = b.address
	request, over := context.WithCancel(context.WithoutCancel(ctx))
	b.t.Cleanup(over)
	ctx = service.WithRequest(ctx, request)
	c, err := New(o)(0)
	if err == nil {
		err = c.Prepare(ctx, p)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	a := &asking{done: make(chan struct{})}
	go func() {
		defer close(a.done)
		a.choice, a.err = c.Display(ctx, 42)
	}()
	return a
}

func (b *bus) finish(a *asking) {
	b.t.Helper()
	select {
	case <-a.done:
	case <-time.After(time.Minute):
		b.t.Fatal("the dialog doesn't end")
	}
	b.over()
}

func prompt(o policy.Options, descriptions ...string) *service.Prompt {
	p := &service.Prompt{Request: service.Request{
		Server: 0x10204040, Client: service.Client{SID: 0x80000001}, Query: service.Query{Service: 43, Destination: "+44 1234"},
	}}
	p.Policy.Policy.Options = o
	for _, d := range descriptions {
		p.Fingerprints = append(p.Fingerprints, service.Fingerprint{Description: d})
	}
	return p
}

func buttonsOf(n *shown) (all []string) {
	for i := 1; i < len(n.actions); i += 2 {
		all = append(all, n.actions[i])
	}
	return all
}

// Just the buttons that the policy offers, each for its option.
func TestEachButton(t *testing.T) {
	for offered := policy.Options(1); offered <= policy.AllOptions; offered++ {
		if !offered.Prompts() {
			continue
		}
		var want []string
		for _, l := range labels {
			if offered&l.option != 0 {
				want = append(want, l.label)
			}
		}
		b := newBus(t, "actions")
		last := labels[slices.IndexFunc(labels, func(l struct {
			option policy.Options
			label  string
		}) bool {
			return l.label == want[len(want)-1]
		})]
		a := b.show(t.Context(), prompt(offered, "this"), Options{})
		n := b.next()
		if got := buttonsOf(n); !slices.Equal(got, want) || slices.Contains(n.actions, "default") {
			t.Errorf("%v: buttons %q, want %q", offered, n.actions, want)
		}
		b.press(n, last.label)
		b.finish(a)
		if a.err != nil || a.choice != (service.Choice{Option: last.option, Info: 42}) {
			t.Errorf("%v: %+v, %v", offered, a.choice, a.err)
		}
	}
}

// Who is asked since an answer has expired is told so.
func TestExpired(t *testing.T) {
	b := newBus(t, "body", "actions")
	p := prompt(policy.AllOptions, "this")
	p.Expired = service.ExpiredTime
	a := b.show(t.Context(), p, Options{})
	n := b.next()
	if want := "You have answered this before, but that answer is too old. This answer replaces that one."; !strings.Contains(n.body, want) {
		t.Errorf("%q isn't in %q", want, n.body)
	}
	b.press(n, "No, this time")
	b.finish(a)
}

// What is asked about, and that it stays until it is answered.
func TestText(t *testing.T) {
	for _, markup := range []bool{false, true} {
		can := []string{"body", "actions"}
		if markup {
			can = append(can, "body-markup")
		}
		b := newBus(t, can...)
		p := prompt(policy.AllOptions, "<b>this</b>")
		p.Destination, p.Entity, p.Forced = "<a href='x'>&\n\u202e", "script", true
		a := b.show(t.Context(), p, Options{Client: func(uint32) string { return "Mail" }})
		n := b.next()
		for _, want := range []string{`"Mail" (0x80000001)`, "0x0000002B", "0x10204040", `\u{a}\u{202e}`, `"script"`, "replaces that one", "Always or Never: you are not asked again, for"} {
			if !strings.Contains(n.body, want) {
				t.Errorf("%q isn't in %q", want, n.body)
			}
		}
		if strings.Contains(n.body, "<a href") == markup || strings.Contains(n.body, "&lt;a href='x'&gt;&amp;") != markup {
			t.Errorf("markup %v: %q", markup, n.body)
		}
		if n.expires != 0 || b.hints["urgency"].Value() != byte(2) {
			t.Errorf("expires after %d, hints %v", n.expires, b.hints)
		}
		b.press(n, "No, this time")
		b.finish(a)
	}
}

// What Always is for is asked if there is a choice.
func TestForWhat(t *testing.T) {
	b := newBus(t, "actions")
	a := b.show(t.Context(), prompt(policy.AllOptions, "this", "the country", "all", "4", "5", "6"), Options{})
	b.press(b.next(), "Always")
	n := b.next()
	if got := buttonsOf(n); len(got) != mostChoices || got[1] != `"the country"` || n.summary != "Always: for what?" {
		t.Errorf("%q: %q", n.summary, got)
	}
	b.press(n, `"the country"`)
	b.finish(a)
	if a.err != nil || a.choice != (service.Choice{Option: policy.Always, Fingerprint: 1, Info: 42}) {
		t.Errorf("%+v, %v", a.choice, a.err)
	}
}

// What is no answer; and what isn't said of this notification, or by this program, is
// nothing at all.
func TestNoAnswer(t *testing.T) {
	gone := errors.New("enough")
	for name, c := range map[string]struct {
		do   func(b *bus, n *shown, cancel func(error))
		want error
	}{
		"closed":    {func(b *bus, n *shown, _ func(error)) { b.remove(n.id); b.emit(theProgram, closed, n.id, uint32(2)) }, errClosed},
		"cancelled": {func(_ *bus, _ *shown, cancel func(error)) { cancel(gone) }, gone},
		"no button": {func(b *bus, n *shown, _ func(error)) { b.emit(theProgram, invoked, n.id, "button-6") }, errNoButton},
		"negative":  {func(b *bus, n *shown, _ func(error)) { b.emit(theProgram, invoked, n.id, "button--1") }, errNoButton},
		"the body":  {func(b *bus, n *shown, _ func(error)) { b.emit(theProgram, invoked, n.id, "default") }, errNoButton},
		"it ends": {func(b *bus, n *shown, _ func(error)) {
			b.remove(n.id)
			b.emit("org.freedesktop.DBus", ownerChanged, theProgram, theProgram, "")
		}, errGone},
		"bus ends": {func(b *bus, n *shown, _ func(error)) { b.remove(n.id); b.conn.Close() }, errGone},
		"second one": {func(b *bus, n *shown, _ func(error)) {
			b.press(n, "Always")
			n = b.next()
			b.remove(n.id)
			b.emit(theProgram, closed, n.id, uint32(2))
		}, errClosed},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBus(t, "actions")
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			a := b.show(ctx, prompt(policy.AllOptions, "this", "all"), Options{})
			n := b.next()
			b.emit(":1.8", invoked, n.id, n.actions[0])
			b.emit(":1.8", closed, n.id, uint32(2))
			b.emit(theProgram, invoked, n.id+1, n.actions[0])
			b.emit(theProgram, invoked, n.id)
			b.emit(theProgram, invoked, "x", n.actions[0])
			b.emit(":1.8", ownerChanged, theProgram, theProgram, "")
			select {
			case <-a.done:
				t.Fatalf("answered: %+v, %v", a.choice, a.err)
			case <-time.After(20 * time.Millisecond):
			}
			c.do(b, n, cancel)
			b.finish(a)
			if !errors.Is(a.err, service.ErrNoAnswer) || !errors.Is(a.err, c.want) || a.choice != (service.Choice{}) {
				t.Errorf("%+v, %v", a.choice, a.err)
			}
		})
	}
}

// A request that is cancelled while the notification is still on its way: it
// vanishes as soon as it is there.
func TestCancelledBeforeShown(t *testing.T) {
	b := newBus(t, "actions")
	b.slow = make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	a := b.show(ctx, prompt(policy.AllOptions), Options{})
	for asked := 0; asked == 0; time.Sleep(time.Millisecond) {
		b.mu.Lock()
		asked = b.asked["Notify"]
		b.mu.Unlock()
	}
	cancel()
	time.Sleep(20 * time.Millisecond)
	close(b.slow)
	b.finish(a)
	b.mu.Lock()
	defer b.mu.Unlock()
	if !errors.Is(a.err, context.Canceled) || b.last != 1 {
		t.Errorf("%v, %d were shown", a.err, b.last)
	}
}

// What keeps a prompt from being prepared.
func TestUnusableDesktop(t *testing.T) {
	without, missing := newBus(t, "body"), newBus(t)
	missing.missing = true
	for _, c := range []struct{ address, want string }{
		{without.address, ErrNoButtons.Error()},
		{missing.address, "nothing shows notifications"},
		{"unix:path=/none", "the session bus"},
	} {
		d, _ := New(Options{Address: c.address})(0)
		if err := d.Prepare(t.Context(), prompt(policy.AllOptions)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
	without.over()
	missing.over()
}

// A prompt that was prepared and is never shown leaves no connection.
func TestNeverShown(t *testing.T) {
	b := newBus(t, "actions")
	request, over := context.WithCancel(t.Context())
	d, _ := New(Options{Address: b.address})(0)
	if err := d.Prepare(service.WithRequest(t.Context(), request), prompt(policy.AllOptions)); err != nil {
		t.Fatal(err)
	}
	over()
	b.over()
}
