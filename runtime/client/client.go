package client

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"connectrpc.com/connect"

	"ups/runtime/api/upsv1"
	"ups/runtime/api/upsv1/upsv1connect"
	"ups/runtime/internal/lifetime"
	"ups/runtime/internal/messages"
	"ups/runtime/service"
)

// Options say where the service is. Address is required, or Dial.
type Options struct {
	// Address is unix:PATH, or https://HOST:PORT.
	Address string
	// TLS has the client's certificate, and whom it believes. It is for https
	// alone, which isn't possible without.
	TLS *tls.Config
	// Dial opens connections in place of Address and TLS: for one that was inherited,
	// a tunnel, a test.
	Dial func(context.Context) (net.Conn, error)

	// Wait is how long a request waits for a server that has gone away. The
	// default is 5 seconds.
	Wait time.Duration
	// Grace is how long the client waits for the server to end a request that was
	// cancelled; then the request fails all the same. The default is 5 seconds, more
	// than service.Limits.Grace.
	Grace time.Duration
	// Ping is how long a connection may be silent until the server is asked whether
	// it still lives. The default is 10 seconds.
	Ping time.Duration

	// Attached is called with nil whenever the program has become a plug-in
	// (AttachEvaluator, AttachDialogCreator), and when it is one no more, or could not
	// become it again, with the reason. It may be nil.
	Attached func(error)
}

// ErrUnavailable says that the server can't be reached. Nothing was asked.
var ErrUnavailable = errors.New("the server can't be reached")

// ErrInterrupted says that the connection was lost while a request was under way. It
// isn't known what became of it; nothing is asked twice. A request to authorise that
// wasn't sent as a whole was not under way: it goes on over the next connection.
var ErrInterrupted = errors.New("the connection to the server was lost")

// Client is a connection to a server. All methods may be called from any goroutine.
type Client struct {
	opt  Options
	http *http.Client
	url  string // of the API
	// maxStreamed is the size of requests that don't go into the stream; maxStreamed but
	// for tests.
	maxStreamed int
	sessions    upsv1connect.SessionServiceClient
	management  upsv1connect.ManagementServiceClient
	status      upsv1connect.StatusServiceClient
	plugIns     upsv1connect.PlugInServiceClient
	life        *lifetime.Lifetime // sessions run in it, and calls
}

// Version is what a server is.
type Version struct {
	Program string // version of the program
	API     string // "ups.v1"
}

// Dial makes a client, and asks the server for its version: a server that can't be
// reached, or doesn't know the caller, is an error.
func Dial(ctx context.Context, opt Options) (*Client, error) {
	opt.Wait = cmp.Or(opt.Wait, 5*time.Second)
	opt.Grace = cmp.Or(opt.Grace, 5*time.Second)
	opt.Ping = cmp.Or(opt.Ping, 10*time.Second)
	if opt.Attached == nil {
		opt.Attached = func(error) {}
	}
	transport, url, err := newTransport(opt)
	if err != nil {
		return nil, err
	}
	c := &Client{opt: opt, http: &http.Client{Transport: transport}, url: url, maxStreamed: maxStreamed}
	c.life = lifetime.New(nil, transport.CloseIdleConnections)
	c.sessions = upsv1connect.NewSessionServiceClient(c.http, url)
	c.management = upsv1connect.NewManagementServiceClient(c.http, url)
	c.status = upsv1connect.NewStatusServiceClient(c.http, url)
	c.plugIns = upsv1connect.NewPlugInServiceClient(c.http, url)
	if v, err := c.Version(ctx); err != nil {
		return nil, errors.Join(err, c.Close())
	} else if v.API != apiVersion {
		return nil, errors.Join(fmt.Errorf("the server speaks %q, and not %q", v.API, apiVersion), c.Close())
	}
	return c, nil
}

const apiVersion = "ups.v1"

// Version asks what the server is.
func (c *Client) Version(ctx context.Context) (v Version, err error) {
	err = c.life.Do(ctx, func(ctx context.Context) error {
		r, err := c.status.Version(ctx, connect.NewRequest(&upsv1.VersionRequest{}))
		if err != nil {
			return failure(ctx, err)
		}
		v = Version{Program: r.Msg.Version, API: r.Msg.Api}
		return nil
	})
	return v, err
}

// Status asks what the service is doing.
func (c *Client) Status(ctx context.Context) (st service.Status, err error) {
	err = c.life.Do(ctx, func(ctx context.Context) error {
		r, err := c.status.Status(ctx, connect.NewRequest(&upsv1.StatusRequest{}))
		if err != nil {
			return failure(ctx, err)
		}
		st = messages.DecodeStatus(r.Msg)
		return nil
	})
	return st, err
}

// Reloaded is what came of Reload.
type Reloaded struct {
	Mistakes []string // what is wrong with what was read, and what stays as it was therefore
	Restart  []string // what has changed, and takes effect when the server is started again
}

// Reload makes the server read its configuration, and the files that it names, again, and
// returns when it has. It fails with service.ErrPermissionDenied for those whom the
// configuration doesn't let, as it was or as it is then.
func (c *Client) Reload(ctx context.Context) (done Reloaded, err error) {
	err = c.life.Do(ctx, func(ctx context.Context) error {
		r, err := c.status.Reload(ctx, connect.NewRequest(&upsv1.ReloadRequest{}))
		if err != nil {
			return failure(ctx, err)
		}
		done = Reloaded{r.Msg.Mistakes, r.Msg.Restart}
		return nil
	})
	return done, err
}

// Close closes the client's sessions; what is under way fails with
// service.ErrClosed. It returns when that has ended. A second Close returns
// service.ErrClosed, and no earlier.
func (c *Client) Close() error { return c.life.Close() }
