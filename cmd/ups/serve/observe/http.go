package observe

import (
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// maxConnections is how many may be open to the metrics: whoever may connect could
// otherwise take the files that the service needs for its own.
const maxConnections = 32

// Server returns a server of the metrics, at /metrics.
func (m *Metrics) Server(log *slog.Logger) *http.Server {
	pages := http.NewServeMux()
	pages.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		DisableCompression: true, // it is read on the same machine
	}))
	return &http.Server{
		Handler:           pages,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       5 * time.Second,
		WriteTimeout:      10 * time.Second,
		IdleTimeout:       2 * time.Minute, // longer than from one reading to the next
		MaxHeaderBytes:    16 << 10,
		ConnState:         new(connections).changed,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

// connections is how many are open.
type connections struct{ open atomic.Int64 }

// changed is http.Server.ConnState. It closes connections that are too many.
func (c *connections) changed(conn net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		if c.open.Add(1) > maxConnections {
			conn.Close()
		}
	case http.StateClosed, http.StateHijacked:
		c.open.Add(-1)
	}
}
