// Package peer asks the system who is at the other end of a connection.
//
// What it says of a Unix socket can be trusted to different degrees:
//
//   - The user and the group are those that the peer had when it connected. The
//     kernel noted them; nobody can change them.
//   - The systemd unit is that of the control group of the process, which no
//     process leaves without the rights of root. A unit of a user's own manager
//     counts as that manager, user@UID.service, whose user can name it at will.
//   - The executable only tells honest programs of one user apart: a process may
//     execute another program while it, or a child, keeps the connection. It is
//     left out unless the file at its path is the one that is running, as a
//     process can have a file system of its own.
//
// Unit and executable are read when the connection is accepted, from /proc, by the
// number of the process. Linux since 6.5 hands out a handle of the very process
// that connected, and they are left out if that has ended by then, so that they can't
// be those of another process with the same number. A process can have them left out,
// by ending when a child has its connection: what isn't known must not be taken for
// something else. Before 6.5 the handle is opened
// when the connection is accepted: a process that connects, ends, and has its number
// used again before that would go unnoticed.
//
// Other systems say nothing.
package peer

import (
	"net"

	"ups/runtime/server"
)

// Of returns what the system says of the peer of a connection. It is for
// server.Options.
func Of(c net.Conn) server.Peer {
	if u, ok := c.(*net.UnixConn); ok {
		return server.Peer{Unix: ofUnix(u)}
	}
	return server.Peer{}
}
