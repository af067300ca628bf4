package server

import (
	"log/slog"
	"net/http"
	"time"
)

// HTTPServer returns an http.Server for the API, which serves what Listener returns:
// Unix sockets as they are, TCP with certificates that clients must have. It speaks HTTP/2,
// without TLS too, and HTTP/1.1. A caller has 10 seconds for the headers of a
// call, for its message, and for taking what it is sent; a connection without
// calls is closed after 2 minutes, and one whose other end doesn't answer a ping
// after 45 seconds.
//
// Its ConnContext and ConnState count connections, for Options.Limits: who sets
// another ConnState calls this one from it.
func (s *Server) HTTPServer() *http.Server {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true)
	protocols.SetUnencryptedHTTP2(true)
	h := &http.Server{
		Handler:           s.Handler(),
		ConnContext:       s.ConnContext,
		ConnState:         s.connState,
		Protocols:         protocols,
		ReadHeaderTimeout: callerTime,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		HTTP2: &http.HTTP2Config{
			MaxConcurrentStreams: 1024,
			SendPingTimeout:      30 * time.Second,
			PingTimeout:          15 * time.Second,
			WriteByteTimeout:     callerTime,
		},
		ErrorLog: slog.NewLogLogger(s.opt.Log.Handler(), slog.LevelDebug),
	}
	h.RegisterOnShutdown(s.drain)
	return h
}
