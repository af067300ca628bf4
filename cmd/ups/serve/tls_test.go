package serve

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"connectrpc.com/connect"

	"ups/cmd/ups/serve/config"
	"ups/internal/certtest"
	"ups/runtime"
	"ups/runtime/client"
	"ups/runtime/decision"
	"ups/runtime/server"
	"ups/runtime/service"
)

// Who has no certificate of one of the authorities, for clients and for now, doesn't
// get as far as a request, even by a client that presents what the server hasn't
// asked for.
func TestWrongCertificates(t *testing.T) {
	now := time.Now()
	for name, c := range map[string]struct {
		certificate func(*tlsServer) tls.Certificate
		refused     string // why, as the server logs it
	}{
		"none": {
			func(*tlsServer) tls.Certificate { return tls.Certificate{} }, "client didn't provide a certificate",
		},
		"another authority's": {
			func(s *tlsServer) tls.Certificate { return certtest.NewAuthority(s.t).Issue("known") }, "signed by unknown authority",
		},
		"expired":       {issued(func(c *x509.Certificate) { c.NotAfter = now.Add(-time.Minute) }), "has expired or is not yet valid"},
		"not yet valid": {issued(func(c *x509.Certificate) { c.NotBefore = now.Add(time.Minute) }), "has expired or is not yet valid"},
		"a server's": {
			issued(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} }), "incompatible key usage",
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newTLSServer(t)
			if err := s.call(c.certificate(s)); err == nil || s.calls.Load() != 0 {
				t.Fatalf("%d calls came through, %v", s.calls.Load(), err)
			}
			if why := s.handshakeError(); !strings.Contains(why, c.refused) {
				t.Errorf("refused with %q, want %q", why, c.refused)
			}
		})
	}
}

// A certificate of the right authority is no identity yet.
func TestCertificateWithoutIdentity(t *testing.T) {
	s := newTLSServer(t)
	if err := s.call(s.authority.Issue("known")); err != nil {
		t.Errorf("known: %v", err)
	}
	err := s.call(s.authority.Issue("stranger"))
	if connect.CodeOf(err) != connect.CodeUnauthenticated || !strings.Contains(err.Error(), `the certificate "CN=stranger"`) {
		t.Errorf("a stranger: %v", err)
	}
}

// issued returns a certificate that would be known but for a change.
func issued(change func(*x509.Certificate)) func(*tlsServer) tls.Certificate {
	return func(s *tlsServer) tls.Certificate { return s.authority.Issue("known", change) }
}

// tlsServer is a server on TCP. It knows the certificate that is for "known".
type tlsServer struct {
	t          *testing.T
	authority  *certtest.Authority // of the server's certificate and of its clients'
	clients    string              // the file of the authorities of clients
	address    string
	log        lines
	service    *service.Server
	api        *server.Server
	sockets    *sockets
	identifier *identifier
	calls      atomic.Int32
}

func newTLSServer(t *testing.T) *tlsServer {
	t.Helper()
	s := &tlsServer{t: t, authority: certtest.NewAuthority(t), log: make(lines, 1000)}
	s.identifier = knowing(t, config.Identity{
		Identity: server.Identity{Name: "known", Caller: service.Caller{SID: 1, Capabilities: service.ProtServ}}, Match: certified("CN=known", "", "", ""),
	})
	s.service = newTestService(t)
	api, err := server.New(server.Options{
		Service: s.service, Identify: s, Peer: peerOf,
		Log: slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	sockets, err := listen([]config.Listener{s.listener()}, nil, api.Listener)
	if err != nil {
		t.Fatal(err)
	}
	s.api, s.sockets = api, sockets
	s.address = sockets.open[0].Addr().String()
	h := api.HTTPServer()
	served := make(chan error, 1)
	go func() { served <- h.Serve(sockets.open[0]) }()
	t.Cleanup(func() {
		api.Close()
		h.Close()
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return s
}

// newTestService makes a service without policies.
func newTestService(t *testing.T) *service.Server {
	t.Helper()
	store, err := runtime.Open(t.TempDir(), "", runtime.StoreOptions{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := service.New(service.Options{Store: store, DB: decision.NewMemory(), Idle: config.Never})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// listener is what the configuration says of the socket.
func (s *tlsServer) listener() config.Listener {
	s.t.Helper()
	folder := s.t.TempDir()
	certificate, key := s.authority.IssuePEM("server")
	file := func(name string, text []byte) config.Name {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			s.t.Fatal(err)
		}
		return config.Name{Path: path}
	}
	of := config.TLS{Certificate: file("server.pem", certificate), Key: file("server.key", key), Clients: file("clients.pem", s.authority.PEM())}
	s.clients = of.Clients.Path
	return config.Listener{TCP: "127.0.0.1:0", TLS: of}
}

// Identify counts the calls.
func (s *tlsServer) Identify(p server.Peer) (server.Identity, error) {
	s.calls.Add(1)
	return s.identifier.Identify(p)
}

// call calls the server with a certificate, which may be empty.
func (s *tlsServer) call(certificate tls.Certificate) error {
	c, err := s.dial(certificate)
	if err != nil {
		return err
	}
	return c.Close()
}

func (s *tlsServer) dial(certificate tls.Certificate) (*client.Client, error) {
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	return client.Dial(ctx, client.Options{Address: "https://" + s.address, TLS: &tls.Config{
		ServerName: "localhost", RootCAs: s.authority.Pool(),
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &certificate, nil },
	}})
}

// handshakeError returns why the server has refused a connection, once it has.
func (s *tlsServer) handshakeError() string {
	s.t.Helper()
	patience := time.After(time.Minute)
	for {
		select {
		case line := <-s.log:
			if strings.Contains(line, "TLS handshake error") {
				return line
			}
		case <-patience:
			s.t.Fatal("no connection was refused")
		}
	}
}

// lines are what is logged.
type lines chan string

func (l lines) Write(b []byte) (int, error) {
	l <- string(b)
	return len(b), nil
}
