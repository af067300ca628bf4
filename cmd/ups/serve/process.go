package serve

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"sync/atomic"
	"syscall"
	"time"

	"ups/cmd/ups/internal/version"
	"ups/cmd/ups/serve/config"
	"ups/runtime"
	"ups/runtime/decision"
	"ups/runtime/server"
	"ups/runtime/service"
)

// process is the server while it runs.
type process struct {
	command *command
	config  *config.Config // the one that it began with
	log     *slog.Logger
	level   *slog.LevelVar
	manager manager

	store      *runtime.Store
	db         decision.DB
	service    *service.Server
	identifier *identifier
	api        *server.Server
	answers    atomic.Pointer[config.Answers] // how they age now
	panel      *controlPanel                  // nil if there is none
	names      names
	observed   observation
	http       *http.Server
	sockets    *sockets
	idle       *idle
	reloads    *reloads
	failed     chan error // of a socket
}

// serve runs the server until ctx is done, or it is idle.
func (c *command) serve(ctx context.Context, cfg *config.Config) error {
	p := &process{
		command: c, config: cfg, reloads: newReloads(),
		failed: make(chan error, len(cfg.Listen)+2), // with the panel and the metrics
	}
	p.answers.Store(&cfg.Answers)
	p.log, p.level = logger(c.con.Stderr, cfg.Log)
	p.manager = manager{p.log}
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	defer signal.Stop(hangups)
	watching, stopWatching := context.WithCancel(ctx)
	defer stopWatching()
	if err := p.start(watching); err != nil {
		return errors.Join(err, p.release())
	}
	p.manager.ready()
	err := p.run(ctx, hangups)
	p.reloads.end()
	p.manager.stopping()
	p.drain()
	return errors.Join(err, p.release())
}

// start makes everything, sockets last: who can connect is answered.
func (p *process) start(ctx context.Context) error {
	passed, err := passedSockets()
	if err != nil {
		return err
	}
	if err := errors.Join(p.observe(ctx), p.openStore(ctx), p.openDecisions(ctx), p.makePanel()); err != nil {
		return errors.Join(err, closePassed(passed))
	}
	if err := p.makeServers(); err != nil {
		return errors.Join(err, closePassed(passed))
	}
	if p.sockets, err = listen(p.config.Listen, passed, p.api.Listener); err != nil {
		return err
	}
	p.warnOfFiles()
	p.idle = newIdle(idleTime(p.config, p.sockets))
	if err := errors.Join(p.showMetrics(), p.showPanel()); err != nil {
		return err
	}
	count := p.http.ConnState
	p.http.ConnState = func(c net.Conn, state http.ConnState) {
		count(c, state)
		p.idle.connState(c, state)
	}
	for _, l := range p.sockets.open {
		p.log.Info("listening", "network", l.Addr().Network(), "address", l.Addr().String())
		go func() { p.failed <- p.http.Serve(l) }()
	}
	go p.readPolicies()
	return nil
}

// idleTime returns after which time without use the server ends. By default it does
// only if systemd starts it again when somebody connects: nobody connects to a control
// panel that isn't there.
func idleTime(cfg *config.Config, s *sockets) time.Duration {
	switch {
	case cfg.Idle != 0:
		return cfg.Idle
	case s.passed == len(s.open) && cfg.Panel.Listen == "":
		return config.DefaultIdle
	}
	return config.Never
}

func (p *process) makeServers() (err error) {
	programs := server.NewPlugIns()
	opt := service.Options{
		Store: p.store, DB: p.db,
		PlugIns: plugIns{p.config.PlugIns, programs, p.panel},
		Limits:  p.config.Deadlines,
		Idle:    config.Never, // the process ends, by the connections that it has
		Log:     p.log, Mask: p.config.Log.Mask,
		OnOutcome: p.panel.onOutcome(), Ageing: p.ageing(),
	}
	p.observed.serviceOptions(&opt)
	p.service, err = service.New(opt)
	if err != nil {
		return err
	}
	build, _ := debug.ReadBuildInfo()
	p.identifier = &identifier{}
	if err := p.identifier.set(p.config.Identities); err != nil {
		return err
	}
	p.api, err = server.New(server.Options{
		Service: p.service, Identify: p.identifier, Peer: peerOf,
		PlugIns: programs,
		Reload: func(ctx context.Context, by server.Identity) (server.Reloaded, error) {
			return p.reloads.ask(ctx, by.Name)
		},
		Limits: p.config.Limits, Log: p.log, Version: version.Semantic(build),
	})
	if err == nil {
		p.http = p.api.HTTPServer()
		p.http.Handler = p.observed.handler(p.http.Handler)
	}
	return err
}

// run does what is to be done beside answering, until the server is to end.
func (p *process) run(ctx context.Context, hangups <-chan os.Signal) error {
	var alive <-chan time.Time
	if every := p.manager.watchdog(); every > 0 {
		t := time.NewTicker(every)
		defer t.Stop()
		alive = t.C
	}
	for {
		select {
		case <-ctx.Done():
			p.log.Info("ending, as told")
			return nil
		case err := <-p.failed:
			return err
		case <-hangups:
			p.reload(ctx)
			p.panel.tell(p.log, true)
		case <-p.reloads.wanted:
			p.reloads.run(func(by string) server.Reloaded {
				p.log.Info("reading again, as a caller asks", "caller", by)
				return p.reload(ctx)
			})
		case <-p.idle.over:
			if p.unused() {
				p.log.Info("ending, since nobody uses the server", "idle", p.idle.after)
				return nil
			}
		case <-alive:
			p.service.Status() // takes the locks: a server that is stuck isn't alive
			p.manager.alive()
		}
	}
}

// unused reports whether the server may end by itself. Otherwise it is asked again
// after another while.
func (p *process) unused() bool {
	s := p.service.Status()
	if p.idle.unused() && s.Sessions == 0 && s.Requests == 0 && !s.Undeleted {
		return true
	}
	p.idle.again()
	return false
}

// drain stops accepting connections, and waits for requests under way as long as the
// configuration allows. The rest is cancelled, and ends as unavailable.
func (p *process) drain() {
	done := make(chan error, 1)
	go func() { done <- p.http.Shutdown(context.Background()) }()
	if cancelled := p.answered(); cancelled > 0 {
		p.log.Warn("requests are cancelled, since the server ends", "requests", cancelled)
	}
	p.closing("the control panel", p.panel.close()) // not before: people may answer meanwhile
	p.closing("the API", p.api.Close())
	select {
	case err := <-done:
		p.closing("connections", err)
	case <-time.After(closeTime):
		p.closing("connections", p.http.Close())
	}
}

// closeTime is how long connections may take to end once everything on them has.
const closeTime = 2 * time.Second

// answered waits until no request is under way, and returns how many are when the
// time is over.
func (p *process) answered() int {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(p.config.Stop); ; <-tick.C {
		n := p.service.Status().Requests
		if n == 0 || time.Now().After(end) {
			return n
		}
	}
}

// release closes what start has opened, the database last.
func (p *process) release() error {
	var errs []error
	if p.service != nil {
		errs = append(errs, p.service.Close())
	}
	if p.db != nil {
		errs = append(errs, p.db.Close())
	}
	if p.sockets != nil {
		errs = append(errs, p.sockets.close())
	}
	errs = append(errs, p.observed.close())
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("the server ended, but not cleanly: %w", err)
	}
	return nil
}

func (p *process) closing(what string, err error) {
	if err != nil {
		p.log.Warn("closing "+what+" failed", "error", err)
	}
}
