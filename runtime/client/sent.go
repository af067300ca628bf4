package client

import (
	"context"
	"net/http/httptrace"
	"sync/atomic"
)

// noteSent returns a context for one call, and what is set when that fails if all of
// its message was written. Otherwise it can't have come to the service, since the
// server reads a message to its end first. The error of a call doesn't tell: a write
// that fails may be of something else on the connection.
//
// The transport itself sends a message again only if the server says that it hasn't
// looked at it (REFUSED_STREAM, GOAWAY). What was set then stays set.
func noteSent(ctx context.Context) (context.Context, *atomic.Bool) {
	sent := new(atomic.Bool)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteRequest: func(info httptrace.WroteRequestInfo) {
			if info.Err == nil {
				sent.Store(true)
			}
		},
	}), sent
}
