package serve

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"time"

	"ups/cmd/ups/internal/version"
	"ups/cmd/ups/serve/config"
	"ups/cmd/ups/serve/observe"
	"ups/runtime/decision"
	"ups/runtime/service"
)

// observation is what shows others what the server does. The zero value is none.
type observation struct {
	all     observe.Observers // those of the following that there are
	metrics *observe.Metrics  // nil if they are read by nobody
	traces  *observe.Traces   // nil if there are none
	http    *http.Server      // of the metrics
	socket  *socketFile       // of the metrics
	file    *observe.File
	write   outcomes // into the file; may be nil
}

// outcomes is service.Options.OnOutcome.
type outcomes = func(context.Context, service.Outcome, error)

// observe makes what the configuration has to show.
func (p *process) observe(ctx context.Context) error {
	build, _ := debug.ReadBuildInfo()
	p.makeMetrics(version.Semantic(build))
	return errors.Join(p.makeTraces(ctx, version.Semantic(build)), p.makeDecisionLog())
}

func (p *process) makeMetrics(version string) {
	if m := p.config.Metrics; m.Unix != "" || m.TCP != "" {
		p.observed.metrics = observe.New(version)
		p.observed.all = append(p.observed.all, p.observed.metrics)
	}
}

func (p *process) makeTraces(ctx context.Context, version string) (err error) {
	o, cfg := &p.observed, p.config.Traces
	if cfg.Endpoint == "" {
		return nil
	}
	opt := observe.TraceOptions{Endpoint: cfg.Endpoint, Sample: cfg.Sample, Mask: cfg.Mask, Version: version, Log: p.log}
	if o.metrics != nil {
		opt.Count = o.metrics.Spans
	}
	if o.traces, err = observe.NewTraces(ctx, opt); err == nil {
		o.all = append(o.all, o.traces)
	}
	return err
}

func (p *process) makeDecisionLog() (err error) {
	o, cfg := &p.observed, p.config.DecisionLog
	var lost func()
	if o.metrics != nil {
		lost = o.metrics.Lost
	}
	switch cfg.File.Path {
	case "":
		return nil
	case config.Stdout:
		o.file = observe.Stream(p.command.con.Stdout, p.log, lost)
	default:
		if o.file, err = observe.Open(cfg.File.Path, p.log, lost); err != nil {
			return named(cfg.File, err)
		}
	}
	o.write = service.OutcomeLog(slog.New(slog.NewJSONHandler(o.file, nil)), cfg.Mask)
	return nil
}

// showMetrics serves the metrics. Who reads them doesn't use the server: it may end.
func (p *process) showMetrics() error {
	o := &p.observed
	if o.metrics == nil {
		return nil
	}
	l, err := o.listen(p.config.Metrics)
	if err != nil {
		return at(p.config.Metrics, err)
	}
	o.http = o.metrics.Server(p.log)
	o.http.ConnState = (&connections{most: metricsConnections}).changed
	if p.config.Metrics.TCP != "" {
		o.http.Handler = onlyLoopback(o.http.Handler)
	}
	go func() { p.failed <- o.http.Serve(l) }()
	p.log.Info("metrics", "network", l.Addr().Network(), "address", l.Addr().String(), "path", "/metrics")
	return nil
}

// onlyLoopback is next, but for requests of another host's name: a page may have made
// its own name resolve to this machine.
func onlyLoopback(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u := url.URL{Host: r.Host}
		if !config.Loopback(u.Hostname()) {
			http.Error(w, "this isn't a name of the machine's own, as localhost and 127.0.0.1 are", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (o *observation) listen(on config.Listener) (l net.Listener, err error) {
	if on.TCP != "" {
		return net.Listen("tcp", on.TCP)
	}
	l, o.socket, err = bindUnix(on)
	return l, err
}

// serviceOptions adds to the options what the service is to tell.
func (o *observation) serviceOptions(opt *service.Options) {
	var all []outcomes
	for _, f := range []outcomes{opt.OnOutcome, o.write} {
		if f != nil {
			all = append(all, f)
		}
	}
	if o.all != nil {
		opt.Metrics, all = o.all, append(all, o.all.OnOutcome)
	}
	if o.traces != nil {
		opt.OnRequest = o.traces.OnRequest
	}
	if all != nil {
		opt.OnOutcome = func(ctx context.Context, out service.Outcome, err error) {
			for _, f := range all {
				f(ctx, out, err)
			}
		}
	}
}

// operation is sqlite.Options.OnOperation.
func (o *observation) operation() func(context.Context, decision.Operation) {
	if o.all == nil {
		return nil
	}
	return o.all.Operation
}

// lookup is sqlite.Options.OnLookup.
func (o *observation) lookup() func(hit bool) {
	if o.metrics == nil {
		return nil
	}
	return o.metrics.Lookup
}

// handler is next, whose requests may be parts of traces.
func (o *observation) handler(next http.Handler) http.Handler {
	if o.traces == nil {
		return next
	}
	return o.traces.Handler(next)
}

// reopen opens the decision log again, since its file may have been moved away.
func (o *observation) reopen() error {
	if o.file == nil {
		return nil
	}
	return o.file.Reopen()
}

func (o *observation) reloaded(whole bool) {
	if o.metrics != nil {
		o.metrics.Reloaded(whole)
	}
}

// sendTime is how long what is left of the traces may take to be sent.
const sendTime = 2 * time.Second

func (o *observation) close() error {
	var errs []error
	if o.traces != nil {
		ctx, cancel := context.WithTimeout(context.Background(), sendTime)
		defer cancel()
		o.traces.Close(ctx)
	}
	if o.http != nil {
		errs = append(errs, o.http.Close())
	}
	if o.socket != nil {
		errs = append(errs, o.socket.remove())
	}
	if o.file != nil {
		errs = append(errs, o.file.Close())
	}
	return errors.Join(errs...)
}
