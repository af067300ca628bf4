package serve

import (
	"net"
	"net/http"
	"sync/atomic"
)

// How many connections may be open to the metrics, and to the control panel: whoever
// reaches them could otherwise take the files and the memory that the service needs.
const (
	metricsConnections = 32
	panelConnections   = 128
)

// connections limits how many are open.
type connections struct {
	most int64
	open atomic.Int64
}

// changed is http.Server.ConnState. It closes connections that are too many.
func (c *connections) changed(conn net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		if c.open.Add(1) > c.most {
			conn.Close()
		}
	case http.StateClosed, http.StateHijacked:
		c.open.Add(-1)
	}
}
