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
	after := before // a machine that has other work may give little of a short time
	for end := time.Now().Add(time.Minute); err == nil && after-before < tick && time.Now().Before(end); {
		after, err = s.processor()
	}
	if err != nil || after-before < tick || after-before > time.Minute {
		t.Errorf("work is %v of processor time, %v", after-before, err)
	}
}
