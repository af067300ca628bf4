//go:build dbus

package desktop

import (
	"bufio"
	"os/exec"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"

	"ups/policy"
)

// program is what shows notifications, on a bus of dbus-daemon: it answers each by a
// function.
type program struct {
	conn *dbus.Conn
	show func(id uint32, actions []string)
	id   uint32
}

func (p *program) GetCapabilities() ([]string, *dbus.Error) { return []string{"actions"}, nil }

func (p *program) Notify(_ string, _ uint32, _, _, _ string, actions []string, _ map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	p.id++
	go p.show(p.id, actions)
	return p.id, nil
}

func (p *program) CloseNotification(id uint32) *dbus.Error { return nil }

func newDaemon(t *testing.T) (address string) {
	t.Helper()
	cmd := exec.Command("dbus-daemon", "--session", "--nofork", "--print-address")
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}

func connect(t *testing.T, address string) *dbus.Conn {
	t.Helper()
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// The bus of dbus-daemon delivers what is subscribed to: a button, and the end of the
// program. What another program on it says is nothing.
func TestDaemon(t *testing.T) {
	b := &bus{t: t, address: newDaemon(t), ended: make(chan struct{}, 1)}
	p := &program{conn: connect(t, b.address)}
	other := connect(t, b.address)
	if err := p.conn.Export(p, path, notifications); err != nil {
		t.Fatal(err)
	}
	if _, err := p.conn.RequestName(notifications, 0); err != nil {
		t.Fatal(err)
	}
	p.show = func(id uint32, actions []string) {
		other.Emit(path, invoked, id, actions[0])
		p.conn.Emit(path, invoked, id, actions[2*3])
	}
	b.ended <- struct{}{} // by the fake bus alone
	a := b.show(t.Context(), prompt(policy.AllOptions), Options{})
	b.finish(a)
	if a.err != nil || a.choice.Option != policy.No {
		t.Errorf("%+v, %v", a.choice, a.err)
	}
	p.show = func(uint32, []string) { p.conn.Close() }
	b.ended <- struct{}{}
	a = b.show(t.Context(), prompt(policy.AllOptions), Options{})
	b.finish(a)
	if a.err == nil || !strings.Contains(a.err.Error(), errGone.Error()) {
		t.Errorf("%+v, %v", a.choice, a.err)
	}
}
