package service

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	goruntime "runtime"
	"strings"
	"testing"
	"testing/synctest"

	"ups/policy"
	"ups/runtime"
	"ups/runtime/decision"
)

// hostileError is an error whose methods do what the test sets.
type hostileError struct {
	text   func() string
	unwrap func() error
	is     func(error) bool
	as     func(any) bool
}

func (e *hostileError) Error() string        { return e.text() }
func (e *hostileError) Unwrap() error        { return e.unwrap() }
func (e *hostileError) Is(target error) bool { return e.is(target) }
func (e *hostileError) As(target any) bool   { return e.as(target) }

func newHostile(change func(*hostileError)) error {
	e := &hostileError{
		text:   func() string { return "hostile" },
		unwrap: func() error { return nil },
		is:     func(error) bool { panic("is") },
		as:     func(any) bool { panic("as") },
	}
	change(e)
	return e
}

// nilError is an error whose nil pointer must not be used.
type nilError struct{ text string }

func (e *nilError) Error() string { return e.text }

// quietNil is an error whose nil pointer can say what it is.
type quietNil struct{}

func (*quietNil) Error() string { return "a nil pointer" }

// uncomparable can't be compared without a panic.
type uncomparable []string

func (uncomparable) Error() string { return "uncomparable" }

// holder is comparable by its type, and not by its value.
type holder struct{ value any }

func (holder) Error() string { return "holder" }

// manyErrors wraps several.
type manyErrors []error

func (manyErrors) Error() string     { return "many" }
func (e manyErrors) Unwrap() []error { return e }

// hostileErrors are errors that harm a caller of their methods, each with an error
// that the request's error must wrap.
func hostileErrors(never <-chan struct{}) map[string]struct {
	err, is error
} {
	var loop error
	loop = newHostile(func(e *hostileError) { e.unwrap = func() error { return loop } })
	wide := newHostile(func(*hostileError) {})
	for range 12 {
		wide = manyErrors{wide, wide}
	}
	changing := 0
	return map[string]struct{ err, is error }{
		"nil pointer":              {(*nilError)(nil), ErrPlugInPanic},
		"nil pointer, quiet":       {(*quietNil)(nil), nil},
		"nil pointer, wrapped":     {fmt.Errorf("oh: %w", (*quietNil)(nil)), nil},
		"Error panics":             {newHostile(func(e *hostileError) { e.text = func() string { panic("text") } }), ErrPlugInPanic},
		"Error ends the goroutine": {newHostile(func(e *hostileError) { e.text = func() string { goruntime.Goexit(); return "" } }), ErrPlugInPanic},
		"Error never returns":      {newHostile(func(e *hostileError) { e.text = func() string { <-never; return "" } }), ErrPlugInTime},
		"Unwrap panics":            {newHostile(func(e *hostileError) { e.unwrap = func() error { panic("unwrap") } }), ErrPlugInPanic},
		"Unwrap never returns":     {newHostile(func(e *hostileError) { e.unwrap = func() error { <-never; return nil } }), ErrPlugInTime},
		"Unwrap never ends":        {loop, nil},
		"Unwrap is wide":           {wide, nil},
		"Is and As panic":          {newHostile(func(*hostileError) {}), nil},
		"uncomparable":             {uncomparable{"a"}, nil},
		"uncomparable inside":      {holder{[]string{"a"}}, nil},
		"another's error":          {&fs.PathError{Op: "open", Path: "x", Err: fs.ErrNotExist}, fs.ErrNotExist},
		"a panic of its own":       {&panicError{value: "a\nb", stack: make([]byte, 1<<20)}, ErrPlugInPanic},
		"uncomparable, wrapped":    {fmt.Errorf("oh: %w", uncomparable{"a"}), nil},
		"nil among many":           {manyErrors{nil, errPlugIn, nil}, errPlugIn},
		"no error among many":      {manyErrors{}, nil},
		"huge text":                {errors.New(strings.Repeat("é", 1<<20)), nil},
		"lines and bytes":          {errors.New("a\nb\x1b[31m\xff"), nil},
		"ours, wrapped":            {fmt.Errorf("oh: %w", ErrNoAnswer), ErrNoAnswer},
		"claims to be ours":        {newHostile(func(e *hostileError) { e.is = func(error) bool { return true } }), nil},
		"changes its text": {newHostile(func(e *hostileError) {
			e.text = func() string { changing++; return fmt.Sprint(changing) }
		}), nil},
	}
}

// oddText is a panic's value of a string kind with a method.
type oddText string

func (oddText) Format(fmt.State, rune) { panic("format") }

// hostilePanics are values to panic with that harm a caller that prints them.
func hostilePanics() map[string]any {
	cycle := []any{nil}
	cycle[0] = cycle
	ring := map[string]any{}
	ring["again"] = ring
	panics := newHostile(func(e *hostileError) { e.text = func() string { panic("text") } })
	return map[string]any{
		"nil pointer":            (*nilError)(nil),
		"panics":                 panics,
		"panics and panics":      newHostile(func(e *hostileError) { e.text = func() string { panic(panics) } }),
		"ends the goroutine":     newHostile(func(e *hostileError) { e.text = func() string { goruntime.Goexit(); return "" } }),
		"contains itself":        cycle,
		"contains itself, map":   ring,
		"points to itself":       &cycle[0],
		"string with a method":   oddText("text"),
		"huge string":            strings.Repeat("é", 1<<20),
		"huge slice":             make([]byte, 1<<22),
		"lines and bytes":        "a\nb\x1b[31m\xff",
		"an error of the server": ErrClosed,
	}
}

// Whatever a plug-in panics with, in any of its calls, it fails its own request.
func TestHostilePanics(t *testing.T) {
	for call, set := range everyCall() {
		for name, value := range hostilePanics() {
			t.Run(call+", "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					checkFault(t, set, func(context.Context) error { panic(value) }, ErrPlugInPanic)
				})
			})
		}
	}
}

// What a panic says is in the error, if it can be had.
func TestPanicText(t *testing.T) {
	for value, want := range map[any]string{
		"oh": "oh", 7: "7", oddText("x"): "of type service.oddText", struct{ a int }{1}: "of type struct { a int }",
		errPlugIn: errPlugIn.Error(), policy.DecisionYes: policy.DecisionYes.String(),
	} {
		p := plugCall{evaluatorPlugIn, 1, "find", 0}
		_, err := call(t.Context(), &Server{opt: Options{Clock: systemClock{}}}, p, func(context.Context) (int, error) { panic(value) })
		var panicked *panicError
		if !errors.As(err, &panicked) || panicked.value != want || len(panicked.stack) == 0 {
			t.Errorf("%T: %v, want %q", value, err, want)
		}
	}
}

// Whatever error a plug-in returns, in any of its calls, it fails its own
// request, and can be printed and asked about without harm.
func TestHostileErrors(t *testing.T) {
	for call, set := range everyCall() {
		for name := range hostileErrors(nil) {
			t.Run(call+", "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					never := make(chan struct{})
					defer close(never)
					h := hostileErrors(never)[name]
					checkFault(t, set, func(context.Context) error { return h.err }, h.is)
				})
			})
		}
	}
}

// handled does with an error what callers do.
func handled(t *testing.T, err error) {
	t.Helper()
	first := err.Error()
	for _, target := range []error{ErrClosed, runtime.ErrMissingArgument, uncomparable{"a"}, holder{[]string{"a"}}, (*nilError)(nil)} {
		if errors.Is(err, target) {
			t.Errorf("%v is %T", err, target)
		}
	}
	var path *fs.PathError
	var platform runtime.Error
	var quiet *quietNil
	var wrapper *hostileError
	var timeout interface{ Timeout() bool }
	if errors.As(err, &path) || errors.As(err, &platform) || errors.As(err, &quiet) || errors.As(err, &wrapper) || errors.As(err, &timeout) {
		t.Errorf("%v is something else", err)
	}
	if text := fmt.Sprintf("%v%s%+v%q%#v", err, err, err, err, err); len(text) > 1<<16 {
		t.Errorf("it prints as %d bytes", len(text))
	}
	if again := err.Error(); again != first || len(again) > 2048 {
		t.Errorf("%d bytes, then others", len(first))
	}
}

// A factory or a look-up that fails, or makes nothing, fails its request, and
// what it made beside an error isn't used.
func TestHostileFactories(t *testing.T) {
	evaluators := map[string]struct {
		find func(uint32) (EvaluatorFactory, error)
		want error
	}{
		"no factory": {func(uint32) (EvaluatorFactory, error) { return nil, nil }, runtime.ErrMissingPolicyEvaluator},
		"a factory and an error": {func(uint32) (EvaluatorFactory, error) {
			return func(uint32) (PolicyEvaluator, error) { return &fakeEvaluator{}, nil }, errPlugIn
		}, errPlugIn},
		"finding panics": {func(uint32) (EvaluatorFactory, error) { panic("find") }, ErrPlugInPanic},
		"none made": {func(uint32) (EvaluatorFactory, error) {
			return func(uint32) (PolicyEvaluator, error) { return nil, nil }, nil
		}, runtime.ErrMissingPolicyEvaluator},
		"one made beside an error": {func(uint32) (EvaluatorFactory, error) {
			return func(uint32) (PolicyEvaluator, error) { return &fakeEvaluator{}, errPlugIn }, nil
		}, errPlugIn},
		"a nil pointer made": {func(uint32) (EvaluatorFactory, error) {
			return func(uint32) (PolicyEvaluator, error) { return (*fakeEvaluator)(nil), nil }, nil
		}, ErrPlugInPanic},
		"making panics": {func(uint32) (EvaluatorFactory, error) {
			return func(uint32) (PolicyEvaluator, error) { panic("make") }, nil
		}, ErrPlugInPanic},
	}
	for name, c := range evaluators {
		t.Run("evaluator, "+name, func(t *testing.T) {
			failsAlone(t, c.want, func(p *plugInsOf) { p.evaluator = c.find })
		})
	}
	user := newUser()
	user.always(policy.Always)
	creators := map[string]struct {
		find func(uint32) (DialogCreatorFactory, error)
		want error
	}{
		"no factory":             {func(uint32) (DialogCreatorFactory, error) { return nil, nil }, runtime.ErrMissingDialogCreator},
		"a factory and an error": {func(uint32) (DialogCreatorFactory, error) { return user.new, errPlugIn }, errPlugIn},
		"none made": {func(uint32) (DialogCreatorFactory, error) {
			return func(uint32) (DialogCreator, error) { return nil, nil }, nil
		}, runtime.ErrMissingDialogCreator},
		"one made beside an error": {func(uint32) (DialogCreatorFactory, error) {
			return func(uint32) (DialogCreator, error) { c, _ := user.new(0); return c, errPlugIn }, nil
		}, errPlugIn},
		"a nil pointer made": {func(uint32) (DialogCreatorFactory, error) {
			return func(uint32) (DialogCreator, error) { return (*creator)(nil), nil }, nil
		}, ErrPlugInPanic},
	}
	for name, c := range creators {
		t.Run("creator, "+name, func(t *testing.T) {
			failsAlone(t, c.want, func(p *plugInsOf) { p.creator = c.find })
		})
	}
}

// plugInsOf finds plug-ins by functions.
type plugInsOf struct {
	evaluator func(uint32) (EvaluatorFactory, error)
	creator   func(uint32) (DialogCreatorFactory, error)
}

func (p *plugInsOf) Evaluator(uid uint32) (EvaluatorFactory, error)         { return p.evaluator(uid) }
func (p *plugInsOf) DialogCreator(uid uint32) (DialogCreatorFactory, error) { return p.creator(uid) }

func failsAlone(t *testing.T, want error, change func(*plugInsOf)) {
	g := newFixture(t, evaluated(policy.AllOptions), func(o *Options) {
		p := &plugInsOf{o.PlugIns.Evaluator, o.PlugIns.DialogCreator}
		change(p)
		o.PlugIns = p
	})
	g.user.always(policy.Always)
	if d, err := g.ask(anApp, "x"); d != policy.DecisionNo || !errors.Is(err, want) || len(g.records()) > 0 {
		t.Errorf("%v, %v, want %v; %d records", d, err, want, len(g.records()))
	}
}

// An answer that comes when the dialog's time is over, or the request was cut
// off, is none, and nothing of it is stored.
func TestAnswerThatComesLate(t *testing.T) {
	for _, cancel := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			g := newFixture(t, list(offer(policy.AllOptions)))
			g.user.answers = func(s *shownDialog) (Choice, error) {
				<-s.ctx.Done()
				return Choice{Option: policy.Always}, nil // in the same moment
			}
			p := g.begin(anApp, "x")
			synctest.Wait()
			want := ErrPlugInTime
			if cancel {
				p.cancel()
				want = context.Canceled
			}
			<-p.done
			if p.got != policy.DecisionNo || !errors.Is(p.err, want) || len(g.records()) > 0 {
				t.Errorf("%v, %v; %d records", p.got, p.err, len(g.records()))
			}
		})
	}
}

// Without a fingerprint nothing is looked for or stored: the user is asked,
// each time, and Always and Never hold for the one request.
func TestNoFingerprint(t *testing.T) {
	g := newFixture(t, evaluated(policy.Yes|policy.No|policy.Always|policy.Never))
	g.keep("", decision.Always, 0)
	g.evaluator.fingerprints = func(context.Context, *Request) (Evaluation, error) { return Evaluation{}, nil }
	for choice, want := range map[policy.Options]policy.Decision{
		policy.Always: policy.DecisionYes, policy.Never: policy.DecisionNo, policy.Yes: policy.DecisionYes,
	} {
		g.user.always(choice)
		g.must(anApp, "x", want, SourcePrompt)
		g.must(anApp, "x", want, SourcePrompt)
	}
	if n := len(g.records()); n != 1 {
		t.Errorf("%d records", n)
	}
}

// A dialog creator may store bytes and a description of its own.
func TestFingerprintOfTheDialogCreator(t *testing.T) {
	g := newFixture(t, evaluated(policy.AllOptions))
	g.evaluator.fingerprints = func(context.Context, *Request) (Evaluation, error) { return prints("one", "two"), nil }
	own := &Fingerprint{Bytes: "mine", Description: "of mine\x00"}
	g.user.answers = func(*shownDialog) (Choice, error) {
		return Choice{Option: policy.Never, Fingerprint: 1, Own: own}, nil
	}
	g.must(anApp, "x", policy.DecisionSessionNo, SourcePrompt)
	own.Bytes = "changed"
	if r := g.records(); len(r) != 1 || r[0].Fingerprint != "mine" || r[0].Description != "of mine" {
		t.Errorf("stored %+v", r)
	}
	g.user.answers = func(*shownDialog) (Choice, error) {
		return Choice{Option: policy.Always, Own: &Fingerprint{Bytes: strings.Repeat("x", 33)}}, nil
	}
	if d, err := g.ask(anApp, "x"); d != policy.DecisionNo || !errors.Is(err, runtime.ErrBadFingerprintLength) || len(g.records()) != 1 {
		t.Errorf("%v, %v; %d records", d, err, len(g.records()))
	}
}
