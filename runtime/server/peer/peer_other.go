//go:build !linux

package peer

import (
	"net"

	"ups/runtime/server"
)

func ofUnix(*net.UnixConn) *server.UnixPeer { return nil }
