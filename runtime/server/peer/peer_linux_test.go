package peer

import (
	"net"
	"os"
	"path/filepath"
	"testing"
)

// The peer of a socket that this process connects to is this process.
func TestOf(t *testing.T) {
	l, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := net.Dial("unix", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	accepted, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer accepted.Close()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := Of(accepted)
	if p.Certificate != nil || p.Unix == nil {
		t.Fatalf("%+v", p)
	}
	if u := p.Unix; u.UID != uint32(os.Getuid()) || u.GID != uint32(os.Getgid()) || u.PID != int32(os.Getpid()) || u.Executable != exe {
		t.Errorf("%+v, want the executable %s", u, exe)
	}
}

// A process that is gone has no executable.
func TestExecutableOf(t *testing.T) {
	if got := executableOf(1<<30 - 1); got != "" {
		t.Errorf("a process that isn't there has the executable %s", got)
	}
}

func TestUnitOfCgroups(t *testing.T) {
	for text, want := range map[string]string{
		"0::/system.slice/messages.service\n":                                        "messages.service",
		"0::/system.slice/system-a.slice/a@1.service\n":                              "a@1.service",
		"0::/system.slice/a.service/b.service\n":                                     "a.service",
		"0::/user.slice/user-1.slice/user@1.service/app.slice/messages.service\n":    "user@1.service",
		"0::/user.slice/user-1.slice/session-2.scope\n":                              "session-2.scope",
		"12:cpu:/x.service\n1:name=systemd:/system.slice/a.service\n0::/b.service\n": "a.service",
		"12:cpu:/x.service\n0::/\n":                                                  "",
		"0::/../messages.service\n":                                                  "",
		"0::/docker/messages.service\n":                                              "",
		"0::/system.slice/_cpu.service\n":                                            "cpu.service",
		"1:cpu:/messages.service\n":                                                  "",
		"":                                                                           "",
	} {
		if got := unitOfCgroups(text); got != want {
			t.Errorf("%q is in the unit %q, want %q", text, got, want)
		}
	}
}
