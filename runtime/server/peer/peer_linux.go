package peer

import (
	"errors"
	"net"

	"golang.org/x/sys/unix"

	"ups/runtime/server"
)

// ofUnix returns nil if the system says nothing of the peer.
func ofUnix(c *net.UnixConn) *server.UnixPeer {
	raw, err := c.SyscallConn()
	if err != nil {
		return nil
	}
	var peer *server.UnixPeer
	if err := raw.Control(func(fd uintptr) { peer = ofSocket(int(fd)) }); err != nil {
		return nil
	}
	return peer
}

func ofSocket(socket int) *server.UnixPeer {
	cred, err := unix.GetsockoptUcred(socket, unix.SOL_SOCKET, unix.SO_PEERCRED)
	if err != nil {
		return nil
	}
	peer := &server.UnixPeer{UID: cred.Uid, GID: cred.Gid, PID: cred.Pid}
	handle, err := processHandle(socket, cred.Pid)
	if err != nil {
		return peer
	}
	defer unix.Close(handle)
	executable := executableOf(cred.Pid)
	unit, err := unitOf(cred.Pid)
	if lives(handle) { // so the number was its own while it was read
		peer.Executable, peer.Unit, peer.NoUnit = executable, unit, err == nil && unit == ""
	}
	return peer
}

// processHandle returns a pidfd of the process that connected. Kernels that have
// no SO_PEERPIDFD open it by the number.
func processHandle(socket int, pid int32) (int, error) {
	handle, err := unix.GetsockoptInt(socket, unix.SOL_SOCKET, unix.SO_PEERPIDFD)
	if errors.Is(err, unix.ENOPROTOOPT) {
		return unix.PidfdOpen(int(pid), 0)
	}
	return handle, err
}

// lives reports whether a process hasn't ended: its pidfd can be read once it has.
func lives(handle int) bool {
	fds := []unix.PollFd{{Fd: int32(handle), Events: unix.POLLIN}}
	for {
		n, err := unix.Poll(fds, 0)
		if !errors.Is(err, unix.EINTR) {
			return n == 0 && err == nil
		}
	}
}
