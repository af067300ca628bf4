package agent

import (
	"context"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"ups/cmd/ups/internal/console"
	"ups/internal/pty"
	"ups/policy"
)

// TestMain makes the test binary stand in for ups agent, where a process is needed.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"agent": func() {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		con := console.Process()
		cmd := New(con)
		cmd.SilenceErrors, cmd.SilenceUsage = true, true
		os.Exit(con.Finish(cmd.ExecuteContext(ctx)))
	}})
}

const ready = "Press a key: "

// Prompts come one after the other, each with its answer; the terminal is as it was
// between them and at the end.
func TestPromptsInARow(t *testing.T) {
	m := newMachine(t)
	r := m.runs()
	before := r.screen.Mode()
	for i, c := range []struct {
		key  string
		want policy.Decision
	}{{"y", policy.DecisionYes}, {"n", policy.DecisionNo}, {"\x03", policy.DecisionNo}, {"s", policy.DecisionSessionYes}, {"a", policy.DecisionSessionYes}} {
		q := m.ask("number " + c.key)
		r.screen.Await(ready, i+1)
		r.screen.Press(c.key)
		m.end(q, c.want, c.key == "\x03")
	}
	m.end(m.ask("stored"), policy.DecisionSessionYes, false)
	if text := r.screen.Shown(); strings.Count(text, ready) != 5 || !strings.Contains(text, "0x80000001") || !strings.Contains(text, `"number y"`) {
		t.Errorf("on the screen: %s", text)
	}
	if r.screen.Mode() != before {
		t.Error("the terminal isn't as it was")
	}
	r.cancel()
	r.ended(console.StatusDone, "")
	if said := r.said(); strings.Count(said, "\n") != 1 {
		t.Errorf("said: %s", said)
	}
}

// An interrupt while a prompt is shown: it vanishes, and its request has failed.
func TestInterruptedWithPrompt(t *testing.T) {
	m := newMachine(t)
	r := m.runs()
	before := r.screen.Mode()
	q := m.ask("x")
	r.screen.Await(ready, 1)
	r.cancel()
	r.ended(console.StatusDone, "")
	m.end(q, policy.DecisionNo, true)
	r.screen.Await("no answer is wanted any more", 1)
	if r.screen.Mode() != before {
		t.Error("the terminal isn't as it was")
	}
}

// A terminal that goes away ends the program: it would answer all that comes with no.
func TestTerminalThatGoesAway(t *testing.T) {
	m := newMachine(t)
	r := m.runs()
	q := m.ask("x")
	r.screen.Await(ready, 1)
	r.screen.Close()
	r.ended(console.StatusFailed, "the terminal has gone away")
	m.end(q, policy.DecisionNo, true)
}

// The prompt of a server that dies vanishes; the next server's are shown. That the
// connection is lost is said once.
func TestServerThatDies(t *testing.T) {
	m := newMachine(t)
	r := m.runs()
	q := m.ask("x")
	r.screen.Await(ready, 1)
	m.kill()
	r.screen.Await("no answer is wanted any more", 1)
	m.end(q, policy.DecisionNo, true)
	time.Sleep(200 * time.Millisecond) // some attempts
	m.start()
	r.says("waiting for prompts", 2)
	q = m.ask("y")
	r.screen.Await(ready, 2)
	r.screen.Press("y")
	m.end(q, policy.DecisionYes, false)
	if n := strings.Count(r.said(), "trying again"); n != 1 {
		t.Errorf("said %d times: %s", n, r.said())
	}
}

func TestRefused(t *testing.T) {
	m := newMachine(t)
	m.runs()
	m.run("--creator", "0x10283694", m.address()).ended(console.StatusFailed, "end the other one")
	m.run("--creator", "0x10283695", m.address()).ended(console.StatusFailed, "ups: permission denied: agent may not be dialog creator 0x10283695\n")
	m.run("--creator", "0x10283694", "unix:/none").ended(console.StatusFailed, "can't be reached")
}

// process starts ups agent as a process whose terminal it is.
func (m *machine) process(t *testing.T, screen *pty.Screen) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	tty, err := screen.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer tty.Close()
	cmd := exec.Command(exe, "--creator", "0x10283694", m.address())
	cmd.Args[0] = "agent"
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, io.Discard, tty
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	screen.Await("waiting for prompts", 1)
	return cmd
}

// On its own terminal: Ctrl-C is no answer while there is a prompt, and then the end.
func TestProcess(t *testing.T) {
	m, screen := newMachine(t), pty.New(t)
	cmd := m.process(t, screen)
	q := m.ask("x")
	screen.Await(ready, 1)
	screen.Press("\x03")
	m.end(q, policy.DecisionNo, true)
	q = m.ask("y")
	screen.Await(ready, 2)
	screen.Press("y")
	m.end(q, policy.DecisionYes, false)
	screen.Press("\x03")
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v: %s", err, screen.Shown())
	}
}

// The window is closed between two prompts.
func TestProcessThatIsHungUp(t *testing.T) {
	// A process inherits that a signal is ignored, as under nohup, and not that it is caught.
	caught := make(chan os.Signal, 1)
	signal.Notify(caught, syscall.SIGHUP)
	defer signal.Stop(caught)
	m, screen := newMachine(t), pty.New(t)
	cmd := m.process(t, screen)
	screen.Close()
	err := cmd.Wait()
	status, _ := cmd.ProcessState.Sys().(syscall.WaitStatus)
	if err == nil || status.Signal() != syscall.SIGHUP {
		t.Errorf("%v", err)
	}
	for range 6000 {
		if _, err := m.plugIns.DialogCreator(theCreator); err != nil {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("it is still attached")
}
