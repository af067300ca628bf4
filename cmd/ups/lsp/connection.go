package lsp

import (
	"context"
	"errors"
	"io"

	"github.com/sourcegraph/jsonrpc2"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/lsp/protocol"
)

// serve answers a client until it ends the connection, or ctx is done. The error
// is that of a client that leaves without having said so.
func (s *server) serve(ctx context.Context, stream io.ReadWriter) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	objects := jsonrpc2.NewBufferedStream(unclosed{stream}, protocol.Codec{Failed: s.readError.set})
	conn := jsonrpc2.NewConn(ctx, objects, handler{s}, jsonrpc2.SetLogger(quiet{}))
	select {
	case <-conn.DisconnectNotify():
	case <-s.exit:
	case <-ctx.Done():
		return console.ErrInterrupted
	}
	s.stopAll()
	switch err := s.readError.Load(); {
	case err != nil:
		return *err
	case !s.asked.Load():
		return errors.New("the client left without a shutdown request")
	}
	return nil
}

// unclosed is a stream that isn't closed with its connection: it belongs to the
// process.
type unclosed struct{ io.ReadWriter }

func (unclosed) Close() error { return nil }

// quiet is a logger of what the connection complains of, which serve returns.
type quiet struct{}

func (quiet) Printf(string, ...any) {}
