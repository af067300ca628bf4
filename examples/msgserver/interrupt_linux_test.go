package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// Ctrl-C on the terminal that a question is up on ends the program: at once, with
// an error, and with nothing left in the temporary folder.
func TestCtrlC(t *testing.T) {
	master, tty := terminalPair(t)
	temporary := t.TempDir()
	program := exec.Command(os.Args[0])
	db := filepath.Join(t.TempDir(), "decisions.db")
	program.Env = append(os.Environ(), "MSGSERVER_ARGS=-ask -db "+db, "TMPDIR="+temporary)
	program.Stdin, program.Stdout, program.Stderr = tty, tty, tty
	program.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(20*time.Second, func() { program.Process.Kill() })
	defer late.Stop()
	tty.Close()

	var shown strings.Builder
	for b, pressed := make([]byte, 4096), false; ; {
		n, err := master.Read(b)
		if err != nil { // the terminal has no program any more
			break
		}
		shown.Write(b[:n])
		if !pressed && strings.Contains(shown.String(), "Press a key: ") {
			pressed = true
			if _, err := master.WriteString("\x03"); err != nil {
				t.Error(err)
			}
		}
	}
	err := program.Wait()
	if program.ProcessState.ExitCode() != 1 || !strings.Contains(shown.String(), "context canceled") ||
		strings.Contains(shown.String(), "game sends again") {
		t.Errorf("it ended with %v, and showed\n%s", err, shown.String())
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) != 0 {
		t.Errorf("left in the temporary folder: %v, error %v", left, err)
	}
}

// terminalPair opens both sides of a new terminal.
func terminalPair(t *testing.T) (master, tty *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { master.Close() })
	n, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err := errors.Join(err, unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0)); err != nil {
		t.Fatal(err)
	}
	tty, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return master, tty
}
