// Package servetest runs ups serve as a process, for tests.
package servetest

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Patience is how long a server may take for anything, on a machine that has other
// work.
const Patience = time.Minute

// Process is ups serve as a process.
type Process struct {
	Cmd    *exec.Cmd
	Dir    string // that it runs in, with its configuration
	Logged *Log

	t      testing.TB
	notify *net.UnixConn // what it tells systemd
}

// Log is what a process writes; it can be read meanwhile.
type Log struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write implements io.Writer.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// String returns all that was written.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Start starts a server as systemd does, by a program and in the folder of its
// serve.yaml, and waits until it is ready. With a listener it gets that one. It is
// killed at the end of the test.
func Start(t testing.TB, program, dir string, listener *net.UnixListener, env ...string) *Process {
	t.Helper()
	p := &Process{Dir: dir, Logged: &Log{}, t: t}
	told := p.listenForState()
	// LISTEN_PID is the number of the process, which nobody knows beforehand.
	p.Cmd = exec.Command("/bin/sh", "-c", `[ -z "$LISTEN_FDS" ] || export LISTEN_PID=$$; exec ./ups serve --config serve.yaml`)
	p.Cmd.Dir, p.Cmd.Stderr = dir, p.Logged
	p.Cmd.Env = append(append(os.Environ(), "NOTIFY_SOCKET="+told), env...)
	if err := os.Symlink(program, filepath.Join(dir, "ups")); err != nil && !os.IsExist(err) {
		t.Fatal(err)
	}
	if listener != nil {
		f, err := listener.File()
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		p.Cmd.ExtraFiles = []*os.File{f}
		p.Cmd.Env = append(p.Cmd.Env, "LISTEN_FDS=1", "LISTEN_FDNAMES=ups.socket")
	}
	if err := p.Cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	p.Expect("READY=1")
	return p
}

// listenForState makes the socket by which a server tells its state, and returns its
// path.
func (p *Process) listenForState() string {
	p.t.Helper()
	path := filepath.Join(p.Dir, "notify")
	os.Remove(path) // of an earlier server
	var err error
	if p.notify, err = net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"}); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { p.notify.Close() })
	return path
}

// Expect waits for what the server tells systemd next.
func (p *Process) Expect(want string) {
	p.t.Helper()
	b := make([]byte, 1000)
	p.notify.SetReadDeadline(time.Now().Add(Patience))
	n, err := p.notify.Read(b)
	if err != nil || !strings.Contains(string(b[:n]), want) {
		p.Kill()
		p.t.Fatalf("systemd is told %q, %v, want %s; the server logged\n%s", b[:n], err, want, p.Logged)
	}
}

// Forget drops what the server tells systemd from now on: what nobody takes would make
// the server wait.
func (p *Process) Forget() {
	p.t.Helper()
	if err := p.notify.SetReadDeadline(time.Time{}); err != nil {
		p.t.Fatal(err)
	}
	go func() {
		for b := make([]byte, 1000); ; {
			if _, err := p.notify.Read(b); err != nil {
				return
			}
		}
	}()
}

// Logs waits until the server has logged a text.
func (p *Process) Logs(want string) {
	p.t.Helper()
	for end := time.Now().Add(Patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if strings.Contains(p.Logged.String(), want) {
			return
		}
	}
	p.t.Errorf("the server doesn't log %s:\n%s", want, p.Logged)
}

// Signal sends a signal.
func (p *Process) Signal(s os.Signal) {
	p.t.Helper()
	if err := p.Cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// Kill kills the process, which has no time for anything.
func (p *Process) Kill() {
	p.Cmd.Process.Kill()
	p.Cmd.Wait()
}

// Ends waits for the end of the process, which must be a success.
func (p *Process) Ends() {
	p.t.Helper()
	done := make(chan error, 1)
	go func() { done <- p.Cmd.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			p.t.Fatalf("%v; the server logged\n%s", err, p.Logged)
		}
	case <-time.After(Patience):
		p.t.Fatal("the server doesn't end")
	}
}

// HangUp makes the server read everything again, and waits until it has.
func (p *Process) HangUp() {
	p.t.Helper()
	p.Signal(syscall.SIGHUP)
	p.Expect("RELOADING=1")
	p.Expect("READY=1")
}
