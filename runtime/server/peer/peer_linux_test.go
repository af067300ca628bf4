package peer

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"ups/runtime/server"
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
	if u := p.Unix; u.UID != uint32(os.Getuid()) || u.GID != uint32(os.Getgid()) || u.PID != int32(os.Getpid()) || u.Executable != exe || u.NoUnit != (u.Unit == "") {
		t.Errorf("%+v, want the executable %s, and a unit or none", u, exe)
	}
}

// Of a process that isn't there nothing is known.
func TestNoProcess(t *testing.T) {
	const nobody = 1<<30 - 1
	if got := executableOf(nobody); got != "" {
		t.Errorf("it has the executable %s", got)
	}
	if got, err := unitOf(nobody); got != "" || err == nil {
		t.Errorf("it is in the unit %q, %v", got, err)
	}
}

// A process that has ended, and left its connection to a child, is known by its user and
// group alone.
func TestOfProcessThatHasEnded(t *testing.T) {
	if path := os.Getenv(connectTo); path != "" {
		leaveConnection(path)
		return
	}
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	parent := exec.Command(os.Args[0], "-test.run=^TestOfProcessThatHasEnded$")
	parent.Env = append(os.Environ(), connectTo+"="+path)
	if out, err := parent.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	accepted, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer accepted.Close()
	want := server.UnixPeer{UID: uint32(os.Getuid()), GID: uint32(os.Getgid()), PID: int32(parent.Process.Pid)}
	if p := Of(accepted); p.Unix == nil || *p.Unix != want {
		t.Errorf("%+v, want %+v", p.Unix, want)
	}
}

// connectTo is the path that this program connects to, if it is set.
const connectTo = "UPS_TEST_CONNECT_TO"

// leaveConnection connects, and leaves the connection to a child, which ends with it.
func leaveConnection(path string) {
	c, err := net.Dial("unix", path)
	if err != nil {
		panic(err)
	}
	f, err := c.(*net.UnixConn).File()
	if err != nil {
		panic(err)
	}
	child := exec.Command("cat")
	child.Stdin = f
	if err := child.Start(); err != nil {
		panic(err)
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
