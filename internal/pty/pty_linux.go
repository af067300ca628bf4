// Package pty is a terminal for tests, of which they are the other side: what a
// person sees and presses.
package pty

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// Screen is the other side of a terminal.
type Screen struct {
	t      testing.TB
	master *os.File
	hold   *os.File // the terminal, so that it outlives those who use it
	path   string

	mu   sync.Mutex
	text strings.Builder
	more chan struct{} // something was written
}

// New makes a terminal, which the test that has ended takes along.
func New(t testing.TB) *Screen {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	s := &Screen{t: t, master: master, more: make(chan struct{}, 1)}
	s.control(func(fd int) error {
		n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
		s.path = fmt.Sprintf("/dev/pts/%d", n)
		return errors.Join(err, unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0))
	})
	if s.hold, err = s.Open(); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.read()
	}()
	t.Cleanup(func() {
		s.Close()
		s.hold.Close()
		<-done
	})
	return s
}

// Open opens the terminal.
func (s *Screen) Open() (*os.File, error) { return os.OpenFile(s.path, os.O_RDWR|syscall.O_NOCTTY, 0) }

// Close closes the terminal's window: it is hung up.
func (s *Screen) Close() { s.master.Close() }

func (s *Screen) control(f func(fd int) error) {
	s.t.Helper()
	conn, err := s.master.SyscallConn()
	if err != nil {
		s.t.Fatal(err)
	}
	var failed error
	if err := conn.Control(func(fd uintptr) { failed = f(int(fd)) }); err != nil || failed != nil {
		s.t.Fatal(err, failed)
	}
}

func (s *Screen) read() {
	b := make([]byte, 4096)
	for {
		n, err := s.master.Read(b)
		s.mu.Lock()
		s.text.Write(b[:n])
		s.mu.Unlock()
		select {
		case s.more <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

// Shown returns all that was written so far.
func (s *Screen) Shown() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// Await waits until the text is on the screen so many times.
func (s *Screen) Await(text string, times int) {
	s.t.Helper()
	late := time.After(10 * time.Second)
	for strings.Count(s.Shown(), text) < times {
		select {
		case <-s.more:
		case <-late:
			s.t.Fatalf("%q isn't on the screen:\n%s", text, s.Shown())
		}
	}
}

// Press presses keys.
func (s *Screen) Press(keys string) {
	s.t.Helper()
	if _, err := s.master.WriteString(keys); err != nil {
		s.t.Fatal(err)
	}
}

// Insist presses a key until done is closed: a key that comes in one piece with
// another counts for nothing.
func (s *Screen) Insist(done <-chan struct{}, key string) {
	s.t.Helper()
	for range 200 {
		s.Press(key)
		select {
		case <-done:
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// Resize gives the window another size.
func (s *Screen) Resize(rows, columns uint16) {
	s.t.Helper()
	s.control(func(fd int) error {
		return unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: rows, Col: columns})
	})
}

// Mode returns the settings of the terminal.
func (s *Screen) Mode() (mode unix.Termios) {
	s.t.Helper()
	s.control(func(fd int) error {
		m, err := unix.IoctlGetTermios(fd, unix.TCGETS)
		if err == nil {
			mode = *m
		}
		return err
	})
	return mode
}
