package client

import (
	"io"
	"net/http"
	"sync/atomic"

	"connectrpc.com/connect"
)

// countingClient counts what is written of the message of a call.
type countingClient struct {
	connect.HTTPClient
	written *writtenBytes
}

func (c *countingClient) Do(r *http.Request) (*http.Response, error) {
	r.Body = &countedBody{r.Body, c.written}
	return c.HTTPClient.Do(r)
}

// writtenBytes are those of a message that the transport has written. While it writes,
// there may be more that the other end has got; once it writes no more, there are none.
type writtenBytes struct{ taken, written atomic.Int64 }

func (w *writtenBytes) count() int64 { return w.written.Load() }

// countedBody is a message that the transport takes and writes, piece by piece: it takes
// no other piece before one is written.
type countedBody struct {
	io.ReadCloser
	*writtenBytes
}

func (b *countedBody) Read(p []byte) (int, error) {
	b.written.Store(b.taken.Load())
	n, err := b.ReadCloser.Read(p)
	b.taken.Add(int64(n))
	return n, err
}
