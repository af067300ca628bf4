//go:build python

package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"ups/policy"
	"ups/runtime/client"
	"ups/runtime/service"
)

// pythonProcess is examples/python/system_server.py as a process.
type pythonProcess struct {
	*testing.T
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout *bufio.Reader
	stderr strings.Builder
}

func python(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	example, err := filepath.Abs("../../examples/python")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, "python3", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1", "PYTHONWARNINGS=error", "PYTHONPATH="+example)
	return cmd
}

func startPython(t *testing.T, dir string, args ...string) *pythonProcess {
	t.Helper()
	script, err := filepath.Abs("../../examples/python/system_server.py")
	if err != nil {
		t.Fatal(err)
	}
	p := &pythonProcess{T: t, cmd: python(t, dir, append([]string{script, "ups.sock", "0x1000a00a"}, args...)...)}
	stdin, failed := p.cmd.StdinPipe()
	stdout, err := p.cmd.StdoutPipe()
	p.stdin, p.stdout, p.cmd.Stderr = stdin, bufio.NewReader(stdout), &p.stderr
	if err := errors.Join(err, failed, p.cmd.Start()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.cmd.Process.Kill(); p.cmd.Wait() })
	return p
}

func (p *pythonProcess) send(request string) {
	p.Helper()
	if _, err := io.WriteString(p.stdin, request+"\n"); err != nil {
		p.Fatalf("%v: %s", err, p.stderr.String())
	}
}

// answers reads what became of a request.
func (p *pythonProcess) answers(want string) {
	p.Helper()
	line, err := p.stdout.ReadString('\n')
	if err != nil {
		p.cmd.Wait()
		p.Fatalf("%v, want %q: %s", err, want, p.stderr.String())
	}
	if strings.TrimSuffix(line, "\n") != want {
		p.Errorf("%swant\n%s", line, want)
	}
}

func (p *pythonProcess) ends(status int) {
	p.Helper()
	p.cmd.Wait()
	if got := p.cmd.ProcessState.ExitCode(); got != status {
		p.Errorf("it ends with %d, want %d: %s", got, status, p.stderr.String())
	}
}

// user is the dialog creator of a test: the user allows +44791, and of all else has
// no answer.
type user struct {
	prompt       *service.Prompt
	up, vanished chan struct{}
}

func (u *user) Prepare(_ context.Context, p *service.Prompt) error {
	u.prompt = p
	return nil
}

func (u *user) Display(ctx context.Context, _ uint32) (service.Choice, error) {
	if u.prompt.Destination == "+44791" {
		return service.Choice{Option: policy.Yes}, nil
	}
	u.up <- struct{}{}
	<-ctx.Done()
	u.vanished <- struct{}{}
	return service.Choice{}, service.ErrNoAnswer
}

// happens waits for what a dialog does.
func happens(t *testing.T, what string, c <-chan struct{}) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(20 * time.Second):
		t.Fatalf("no dialog %s", what)
	}
}

// attachUser makes the user the dialog creator of the policies.
func attachUser(t *testing.T, dir string) *user {
	t.Helper()
	attached := make(chan error, 10)
	c, err := client.Dial(t.Context(), client.Options{
		Address: "unix:" + filepath.Join(dir, "ups.sock"), Attached: func(err error) { attached <- err },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	u := &user{up: make(chan struct{}, 10), vanished: make(chan struct{}, 10)}
	go c.AttachDialogCreator(t.Context(), 0x10283694, func(uint32) (service.DialogCreator, error) {
		return &user{up: u.up, vanished: u.vanished}, nil
	})
	if err := <-attached; err != nil {
		t.Fatal(err)
	}
	return u
}

func pythonFolder(t *testing.T) string {
	t.Helper()
	return exampleFolder(t, "python", "policies", "../../examples/embed/policies")
}

// The example in Python sees what is allowed, denied and asked about, errors with
// what the platform calls them, and that the user takes too long.
func TestPython(t *testing.T) {
	dir := pythonFolder(t)
	startServer(t, dir, nil)
	p := startPython(t, dir, "--wait", "1.5")
	p.send("0x20001234 112")
	p.answers("0x20001234 112: allowed, yes by policy 1 (silent)")
	p.send("0x20001234 +44091")
	p.answers("0x20001234 +44091: refused, no by policy 2 (silent)")
	p.send("0x20001235 +44791")
	p.answers("0x20001235 +44791: refused, error: failed_precondition (-5705): " +
		"dialog creator 0x10283694: find: no program is attached as it: dialog creator not found (KErrUpsMissingDialogCreator)")
	user := attachUser(t, dir)
	p.send("0x20001235 +44791")
	p.answers("0x20001235 +44791: allowed, yes by policy 3 (prompt)")
	p.send("0x20001235 +44792")
	p.answers("0x20001235 +44792: refused, cancelled: no answer in time")
	happens(t, "comes up", user.up)
	happens(t, "vanishes", user.vanished)
	p.send("0x20001235 +44791")
	p.answers("0x20001235 +44791: allowed, yes by policy 3 (prompt)")
	p.send("mail 112")
	p.answers("mail 112: not a request: SID DESTINATION")
	p.stdin.Close()
	p.ends(0)
}

// It waits for a server that is away, and goes on in another session.
func TestPythonServerGoesAway(t *testing.T) {
	dir := pythonFolder(t)
	server := startServer(t, dir, nil)
	user := attachUser(t, dir)
	p := startPython(t, dir, "--patience", "30")
	p.send("0x20001234 112")
	p.answers("0x20001234 112: allowed, yes by policy 1 (silent)")
	p.send("0x20001234 +44792")
	happens(t, "comes up", user.up)
	server.Signal(syscall.SIGKILL)
	p.answers("0x20001234 +44792: refused, gone: Remote end closed connection without response")
	p.send("0x20001234 112")
	startServer(t, dir, nil)
	p.answers("0x20001234 112: allowed, yes by policy 1 (silent)")
}

// An interrupt, and a cancel of another thread, make the dialog vanish.
func TestPythonCancels(t *testing.T) {
	dir := pythonFolder(t)
	startServer(t, dir, nil)
	user := attachUser(t, dir)
	p := startPython(t, dir)
	p.send("0x20001234 +44792")
	happens(t, "comes up", user.up)
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	happens(t, "vanishes", user.vanished)
	p.ends(130)

	out, err := python(t, dir, "-c", `
import threading, ups_client
session = ups_client.Session("ups.sock")
subsession = session.open({"sid": 0x20001234})
threading.Timer(0.5, subsession.cancel).start()
try:
    subsession.authorise(0x1000a00a, "+44792")
except ups_client.Cancelled:
    print(subsession.authorise(0x1000a00a, "112")["decision"])
    print(session.services[0x1000a00a]["major"])
`).CombinedOutput()
	if err != nil || string(out) != "DECISION_YES\n1\n" {
		t.Errorf("%v: %s", err, out)
	}
	happens(t, "vanishes", user.vanished)
}

// A server that isn't there, and one that doesn't know the caller, are errors.
func TestPythonIsRefused(t *testing.T) {
	dir := pythonFolder(t)
	p := startPython(t, dir, "--patience", "0")
	p.ends(1)
	if !strings.Contains(p.stderr.String(), "ups.sock: [Errno 2]") {
		t.Error(p.stderr.String())
	}
	config := filepath.Join(dir, "serve.yaml")
	writeSource(t, config, strings.Replace(read(t, config), "uid: ", "uid: 1", 1))
	startServer(t, dir, nil)
	p = startPython(t, dir)
	p.ends(1)
	if !strings.Contains(p.stderr.String(), "ups.sock: unauthenticated: ") {
		t.Error(p.stderr.String())
	}
}
