package msg_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"ups/examples/msgserver/msg"
	"ups/examples/msgserver/policies"
	"ups/policy"
	"ups/runtime/decision"
)

// Who is asked about, what the user says, and what becomes of it.
func TestPaths(t *testing.T) {
	const passes, fails = true, false
	for _, c := range []struct {
		name   string
		who    msg.Process
		to     string
		answer policy.Options // 0: nobody is asked
		passed bool           // the static check, as the dialog creator sees it
		want   error
	}{
		{"in the ROM", inROM, friend, 0, passes, nil},
		{"in the ROM, premium", inROM, premium, 0, passes, nil},
		{"free", signed, help, 0, passes, nil},
		{"allowed", signed, friend, policy.Yes, passes, nil},
		{"refused", signed, friend, policy.No, passes, msg.ErrPermissionDenied},
		{"for good", signed, friend, policy.Always, passes, nil},
		{"never again", signed, friend, policy.Never, passes, msg.ErrPermissionDenied},
		{"premium", signed, premium, policy.Yes, passes, nil},
		{"check failed, allowed", nothing, friend, policy.Yes, fails, nil},
		{"check failed, refused", nothing, friend, policy.No, fails, msg.ErrPermissionDenied},
		{"check failed, not free", nothing, help, policy.SessionYes, fails, nil},
		{"check failed, for good", nothing, friend, policy.Always, fails, msg.ErrPermissionDenied}, // not offered
		{"unsigned, allowed", unsigned, friend, policy.Yes, fails, nil},
		{"unsigned, for the session", unsigned, friend, policy.SessionYes, fails, msg.ErrPermissionDenied}, // not offered
	} {
		t.Run(c.name, func(t *testing.T) {
			play(t, func(g *fixture) {
				p := g.begin(g.connect(c.who), c.to, "hello")
				if c.answer != 0 {
					p.waits()
					g.went("authorising")
					d := g.next(c.who, c.to)
					if d.Passed != c.passed {
						t.Errorf("the check passed: %v", d.Passed)
					}
					d.answer <- c.answer
				}
				p.is(c.want)
				if c.want == nil {
					g.onAir("hello")
				} else {
					g.onAir()
				}
			})
		})
	}
}

func TestStates(t *testing.T) {
	play(t, func(g *fixture) {
		g.begin(g.connect(inROM), friend, "hello").is(nil)
		g.went("authorising", "sending", "done")
		p := g.begin(g.connect(nothing), friend, "hello")
		g.next(nothing, friend).answer <- policy.No
		p.is(msg.ErrPermissionDenied)
		g.went("authorising", "done: permission denied")
		g.radio = func(context.Context, msg.Message) error { return errors.New("no network") }
		g.begin(g.connect(inROM), friend, "hello").is(msg.ErrNotSent)
		g.went("authorising", "sending", "done: the message could not be sent")
	})
}

// A handset without a policy file does as its platform check says.
func TestNoPolicyFile(t *testing.T) {
	play(t, func(g *fixture) {
		for _, who := range []msg.Process{inROM, signed} {
			g.begin(g.connect(who), premium, "hello").is(nil)
			g.onAir("hello")
		}
		for _, who := range []msg.Process{nothing, unsigned} {
			g.begin(g.connect(who), friend, "hello").is(msg.ErrPermissionDenied)
		}
	}, withoutPolicies)
}

// What no user can judge fails at once, or is done at once.
func TestCentreIsNotTheUsersBusiness(t *testing.T) {
	play(t, func(g *fixture) {
		ctx := context.Background()
		operator := process(0x20041105, 'C', msg.NetworkControl)
		if err := g.connect(operator).SetCentre(ctx, friend); err != nil {
			t.Error(err)
		}
		g.onAir("centre " + friend)
		if err := g.connect(operator).SetCentre(ctx, "nobody"); err != msg.ErrArgument {
			t.Error(err)
		}
		if err := g.connect(signed).SetCentre(ctx, friend); err != msg.ErrPermissionDenied {
			t.Error(err)
		}
		g.radio = func(context.Context, msg.Message) error { return errors.New("no network") }
		if err := g.connect(operator).SetCentre(ctx, friend); err != msg.ErrNotSent {
			t.Error(err)
		}
	})
}

// What isn't a number in its one spelling is no destination: the user isn't
// asked, and no policy is slipped past.
func TestNumbersHaveOneSpelling(t *testing.T) {
	play(t, func(g *fixture) {
		c := g.connect(nothing)
		for _, to := range []string{"", "+", "4490012345", "004490012345", "+44 90012345", "+44-90012345", "+4490012345*",
			"+449001234x", "++4490012345", "+٤٤٩٠٠١٢٣٤٥", "\xff+4490012345", "+1234", "+1234567890123456"} {
			g.begin(c, to, "hello").is(msg.ErrArgument)
		}
		g.begin(c, friend, strings.Repeat("é", 1001)).is(msg.ErrArgument)
		g.begin(c, friend, strings.Repeat("x", 10_000)).is(msg.ErrArgument)
		g.went()
	})
}

func TestLongestMessageFits(t *testing.T) {
	play(t, func(g *fixture) {
		c := g.connect(inROM)
		for _, char := range []string{"x", "€", "\x01", "<", "\U0001F600"} {
			g.begin(c, friend, strings.Repeat(char, 1000)).is(nil)
			g.onAir(strings.Repeat(char, 1000))
		}
	})
}

// Any error of the User Prompt Service means No.
func TestErrorsMeanNo(t *testing.T) {
	for name, change := range map[string]func(*fixture){
		"no dialog creator": func(g *fixture) { g.plugIns.DialogCreators = nil },
		"no evaluator":      func(g *fixture) { g.plugIns.Evaluators = nil },
		"no ProtServ":       func(g *fixture) { g.options = 0 },
	} {
		t.Run(name, func(t *testing.T) {
			play(t, func(g *fixture) {
				g.begin(g.connect(signed), friend, "hello").is(msg.ErrPermissionDenied)
				g.begin(g.connect(inROM), friend, "hello").is(nil) // isn't sent to the service
			}, change)
		})
	}
}

func TestServerNeedsTheService(t *testing.T) {
	play(t, func(g *fixture) {
		g.ups.Close()
		g.begin(g.connect(signed), friend, "hello").is(msg.ErrServerTerminated)
	})
}

// Always and Never are kept by the service, for the number; an answer about
// all numbers doesn't count for those that cost.
func TestLastingAnswers(t *testing.T) {
	play(t, func(g *fixture) {
		p := g.begin(g.connect(signed), friend, "1")
		g.next(signed, friend).answer <- policy.Always
		p.is(nil)
		if all := g.records(); len(all) != 1 || all[0] != "0x20041102 only "+friend+": always" {
			t.Errorf("%q", all)
		}
		c := g.connect(signed)
		g.begin(c, friend, "2").is(nil)
		p = g.begin(c, other, "3")
		g.next(signed, other).answer <- policy.No
		p.is(msg.ErrPermissionDenied)
		_, err := g.db.Store(context.Background(), decision.Record{Result: decision.Always, Key: decision.Key{
			Client: signed.SID, Evaluator: policies.NumberEvaluator, Server: msg.SID, Service: msg.Service,
			Fingerprint: "*", Major: 1,
		}})
		g.must(err)
		g.begin(c, other, "4").is(nil)
		p = g.begin(c, premium, "5")
		g.next(signed, premium).answer <- policy.No
		p.is(msg.ErrPermissionDenied)
		g.onAir("1", "2", "4")
	})
}

func TestErrorTexts(t *testing.T) {
	for e, want := range map[msg.Error]string{
		msg.ErrInUse: "a request is outstanding", msg.ErrGeneral: "the message server has failed", -99: "error -99",
	} {
		if e.Error() != want {
			t.Errorf("%q, want %q", e, want)
		}
	}
}
