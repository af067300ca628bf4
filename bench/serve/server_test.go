package main

import (
	"os"
	"os/exec"
	"testing"
	"time"
)

// What /proc says of this process.
func TestProc(t *testing.T) {
	s := &server{cmd: &exec.Cmd{Process: &os.Process{Pid: os.Getpid()}}}
	m, err := s.memory()
	if err != nil || m.resident < 1<<20 || m.peak < m.resident {
		t.Errorf("memory %+v, %v", m, err)
	}
	before, err := s.processor()
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(200 * time.Millisecond); time.Now().Before(end); {
	}
	if after, err := s.processor(); err != nil || after-before < tick || after-before > time.Minute {
		t.Errorf("200 ms of work are %v of processor time, %v", after-before, err)
	}
}
