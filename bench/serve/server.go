package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// server is one of them, as a process.
type server struct {
	cmd      *exec.Cmd
	socket   string
	messages bytes.Buffer // what it has written, once it has ended
	kept     sync.Map     // connections that the garbage collector would close
}

// start starts a program, and waits until it listens.
func start(socket, program string, args ...string) (*server, error) {
	s := &server{cmd: exec.Command(program, args...), socket: socket}
	s.cmd.Stderr = &s.messages
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if c, err := net.Dial("unix", socket); err == nil {
			return s, c.Close()
		}
	}
	return nil, errors.Join(fmt.Errorf("%s doesn't listen", program), s.stop())
}

// stop kills the server. One that has ended by itself is an error.
func (s *server) stop() error {
	s.cmd.Process.Kill()
	s.cmd.Wait() // how it ended is in its state
	if status, ok := s.cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		return fmt.Errorf("%s has ended: %s: %s", s.cmd.Path, s.cmd.ProcessState, s.messages.Bytes())
	}
	return nil
}

// memory is what a process has of it, in bytes.
type memory struct{ resident, peak int64 }

func (s *server) memory() (m memory, err error) {
	text, err := s.proc("status")
	if err != nil {
		return m, err
	}
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(line, ":")
		to := map[string]*int64{"VmRSS": &m.resident, "VmHWM": &m.peak}[name]
		if to == nil {
			continue
		}
		kilobytes, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
		if err != nil {
			return m, err
		}
		*to = kilobytes << 10
	}
	return m, nil
}

// tick is the unit of processor time in /proc.
const tick = time.Second / 100

// processor returns the processor time that the server has used, in all threads.
func (s *server) processor() (time.Duration, error) {
	text, err := s.proc("stat")
	if err != nil {
		return 0, err
	}
	// The second field, in brackets, is a name, which may hold anything.
	fields := strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
	const user = 14 - 3 // fields are numbered from 1, and two are cut off
	if len(fields) <= user+1 {
		return 0, fmt.Errorf("/proc has %q", text)
	}
	used := int64(0)
	for _, field := range fields[user : user+2] {
		ticks, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, err
		}
		used += ticks
	}
	return time.Duration(used) * tick, nil
}

// ownProcessor returns the processor time that this process has used.
func ownProcessor() (time.Duration, error) {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0, err
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano()), nil
}

func (s *server) proc(name string) (string, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", s.cmd.Process.Pid, name))
	return string(b), err
}
