package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"

	"connectrpc.com/connect"
	"connectrpc.com/grpchealth"
	"connectrpc.com/grpcreflect"

	"ups/runtime/api/upsv1/upsv1connect"
	"ups/runtime/service"
)

// Options are what a server is made of. Service and Identify are required.
type Options struct {
	// Service is what is offered. The server doesn't close it.
	Service *service.Server
	// Identify says who a caller is.
	Identify Identifier
	// Peer asks the system who is at the other end of a connection, as the listener
	// below Listener has accepted it. Nil asks nothing: then callers are known by
	// certificates alone.
	Peer func(net.Conn) Peer
	// PlugIns are programs that attach; it was given to the service too. Nil
	// lets none attach.
	PlugIns *PlugIns
	// Reload reads the configuration again, for a caller whose Identity has Reload. It is
	// called from several goroutines at once, and returns soon once ctx is done, or the
	// server is to end. Nil is for a server that has none.
	Reload  func(ctx context.Context, by Identity) (Reloaded, error)
	Limits  Limits
	Log     *slog.Logger // may be nil
	Version string       // of the program, for those who ask
}

// Server is the API of a service. All methods may be called from any goroutine.
type Server struct {
	opt      Options // with the defaults filled in
	callers  *callers
	open     connections
	sessions sessions
	refusals refusals
	health   *grpchealth.StaticChecker
	ending   chan struct{} // closed by drain: callers end their streams
	closing  chan struct{} // closed by Close: streams end
	calls    calls
	drained  sync.Once
	once     sync.Once
}

// New makes a server.
func New(opt Options) (*Server, error) {
	switch {
	case opt.Service == nil:
		return nil, errors.New("server.Options.Service is missing")
	case opt.Identify == nil:
		return nil, errors.New("server.Options.Identify is missing: it says who may call")
	}
	if opt.Peer == nil {
		opt.Peer = func(net.Conn) Peer { return Peer{} }
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	opt.Limits = opt.Limits.Filled()
	if opt.Limits.MessageBytes < LeastMessageBytes {
		return nil, fmt.Errorf("server.Options.Limits.MessageBytes is %d, and must be %d at least", opt.Limits.MessageBytes, LeastMessageBytes)
	}
	return &Server{
		opt:     opt,
		callers: newCallers(opt.Limits),
		health:  grpchealth.NewStaticChecker(serviceNames...),
		ending:  make(chan struct{}),
		closing: make(chan struct{}),
	}, nil
}

// serviceNames are the services of the API.
var serviceNames = []string{
	upsv1connect.SessionServiceName, upsv1connect.ManagementServiceName,
	upsv1connect.PlugInServiceName, upsv1connect.StatusServiceName,
}

// Handler returns the API, the gRPC health checks and the reflection. It needs
// the contexts that ConnContext makes.
func (s *Server) Handler() http.Handler {
	opt := connect.WithHandlerOptions(
		connect.WithReadMaxBytes(s.opt.Limits.MessageBytes),
		// Messages are short; and what isn't decompressed can't expand.
		connect.WithCompression("gzip", nil, nil),
		connect.WithRecover(s.recovered),
	)
	mux := http.NewServeMux()
	mux.Handle(upsv1connect.NewSessionServiceHandler(&sessionService{s}, opt))
	mux.Handle(upsv1connect.NewManagementServiceHandler(&managementService{s}, opt))
	mux.Handle(upsv1connect.NewPlugInServiceHandler(&plugInService{s}, opt))
	mux.Handle(upsv1connect.NewStatusServiceHandler(&statusService{s}, opt))
	mux.Handle(grpchealth.NewHandler(s.health, opt))
	reflector := grpcreflect.NewStaticReflector(append(serviceNames[:len(serviceNames):len(serviceNames)], grpchealth.HealthV1ServiceName)...)
	mux.Handle(grpcreflect.NewHandlerV1(reflector, opt))
	mux.Handle(grpcreflect.NewHandlerV1Alpha(reflector, opt))
	return &admission{server: s, refuse: connect.NewErrorWriter(opt), next: explain(mux)}
}

// drain tells callers with streams of requests to end them, and who asks for health
// that the server is about to go.
func (s *Server) drain() {
	s.drained.Do(func() {
		s.notServing()
		close(s.ending)
	})
}

func (s *Server) notServing() {
	s.health.SetStatus("", grpchealth.StatusNotServing) // the server as a whole
	for _, name := range serviceNames {
		s.health.SetStatus(name, grpchealth.StatusNotServing)
	}
}

// Close ends the sessions, and with them the requests that are under way in
// them, and detaches plug-ins; their callers are told that the server is
// unavailable. Calls that come later are refused. It doesn't wait for them:
// http.Server.Shutdown does.
func (s *Server) Close() error {
	s.once.Do(func() {
		s.notServing()
		close(s.closing)
	})
	return nil
}

// closed reports whether Close was called.
func (s *Server) closed() bool {
	select {
	case <-s.closing:
		return true
	default:
		return false
	}
}
