package msg_test

import (
	"bytes"
	"fmt"
	"os"
	"testing"

	"ups/compiler"
	"ups/examples/msgserver/msg"
	"ups/policy"
)

// A session answer is for the connection and the number.
func TestSessionAnswers(t *testing.T) {
	for _, c := range []struct {
		answer policy.Options
		want   error
	}{{policy.SessionYes, nil}, {policy.SessionNo, msg.ErrPermissionDenied}} {
		t.Run(c.answer.String(), func(t *testing.T) {
			play(t, func(g *fixture) {
				client := g.connect(nothing)
				p := g.begin(client, friend, "1")
				g.next(nothing, friend).answer <- c.answer
				p.is(c.want)
				g.begin(client, friend, "2").is(c.want) // nobody is asked
				if all := g.records(); len(all) != 0 {
					t.Errorf("the service keeps %q", all)
				}

				for _, next := range []struct {
					client *msg.Client
					to     string
				}{{client, other}, {g.connect(nothing), friend}} {
					p := g.begin(next.client, next.to, "3")
					g.next(nothing, next.to).answer <- policy.No
					p.is(msg.ErrPermissionDenied)
				}
				g.begin(client, friend, "4").is(c.want) // the others have changed nothing
				client.Close()
				p = g.begin(g.connect(nothing), friend, "5")
				g.next(nothing, friend).answer <- policy.Yes
				p.is(nil)
			})
		})
	}
}

// A one-shot answer is for one message.
func TestOneShotAnswers(t *testing.T) {
	play(t, func(g *fixture) {
		client := g.connect(nothing)
		for range 3 {
			p := g.begin(client, friend, "1")
			g.next(nothing, friend).answer <- policy.Yes
			p.is(nil)
		}
	})
}

// Policies of another version make session answers void, also the one that is
// given while they change.
func TestSessionAnswersEndWithThePolicies(t *testing.T) {
	play(t, func(g *fixture) {
		client := g.connect(nothing)
		ask := func(meanwhile func()) {
			p := g.begin(client, friend, "1")
			d := g.next(nothing, friend)
			meanwhile()
			d.answer <- policy.SessionYes
			p.is(nil)
		}
		ask(func() {})
		g.upgrade(2)
		ask(func() { g.upgrade(3) })
		ask(func() {})
		g.begin(client, friend, "2").is(nil)
		withoutPolicies(g)
		g.must(g.store.Reload())
		g.begin(client, friend, "3").is(msg.ErrPermissionDenied)
	})
}

// A client can't make the server remember without end: policies may give
// session answers without a prompt. What is forgotten is asked again.
func TestSessionAnswersAreBounded(t *testing.T) {
	play(t, func(g *fixture) {
		client := g.connect(nothing)
		ask := func(to string) {
			p := g.begin(client, to, "1")
			g.next(nothing, to).answer <- policy.SessionYes
			p.is(nil)
		}
		for i := range 64 {
			ask(fmt.Sprintf("+44770%07d", i))
		}
		ask("+447700000064")
		ask("+447700000000")
		g.begin(client, "+447700000064", "2").is(nil)
	})
}

// upgrade makes the policy file another major version.
func (g *fixture) upgrade(major int) {
	g.Helper()
	g.install("majorversion = 1;", fmt.Sprintf("majorversion = %d;", major))
}

// install installs the policy file with one thing changed.
func (g *fixture) install(before, after string) {
	g.Helper()
	src, err := os.ReadFile("../policies/ups_20041001_0000002b.rss")
	g.must(err)
	if !bytes.Contains(src, []byte(before)) {
		g.Fatalf("the policy file has no %q", before)
	}
	src = bytes.Replace(src, []byte(before), []byte(after), 1)
	r := compiler.Compile("changed.rss", src, compiler.Options{})
	if r.Failed() {
		g.Fatal(r.Diagnostics)
	}
	g.must(os.WriteFile(g.rom+"/"+policy.Service{Server: msg.SID, Service: msg.Service}.FileName(policy.CompiledExt), r.Bytes, 0o600))
	g.must(g.store.Reload())
}
