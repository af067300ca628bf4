package serve

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"

	"ups/cmd/ups/internal/version"
	"ups/cmd/ups/serve/config"
	"ups/cmd/ups/serve/observe"
	"ups/runtime/decision"
	"ups/runtime/service"
)

// observation is what shows others what the server does. The zero value is none.
type observation struct {
	metrics *observe.Metrics             // nil if they are read by nobody
	count   func(service.Outcome, error) // into the metrics; may be nil
	http    *http.Server
	socket  *socketFile // of the metrics
	file    *observe.File
	write   func(service.Outcome, error) // into the file; may be nil
}

// observe makes the metrics and the decision log of the configuration.
func (p *process) observe() error {
	o := &p.observed
	var lost func()
	if m := p.config.Metrics; m.Unix != "" || m.TCP != "" {
		build, _ := debug.ReadBuildInfo()
		o.metrics = observe.New(version.Semantic(build))
		o.count, lost = o.metrics.OnOutcome, o.metrics.Lost
	}
	cfg := p.config.DecisionLog
	switch cfg.File.Path {
	case "":
		return nil
	case config.Stdout:
		o.file = observe.Stream(p.command.con.Stdout, p.log, lost)
	default:
		var err error
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
	go func() { p.failed <- o.http.Serve(l) }()
	p.log.Info("metrics", "network", l.Addr().Network(), "address", l.Addr().String(), "path", "/metrics")
	return nil
}

func (o *observation) listen(on config.Listener) (l net.Listener, err error) {
	if on.TCP != "" {
		return net.Listen("tcp", on.TCP)
	}
	l, o.socket, err = bindUnix(on)
	return l, err
}

// each returns a function for service.Options.OnOutcome that calls those that aren't
// nil; it is nil if none is.
func each(all ...func(service.Outcome, error)) func(service.Outcome, error) {
	var set []func(service.Outcome, error)
	for _, f := range all {
		if f != nil {
			set = append(set, f)
		}
	}
	if set == nil {
		return nil
	}
	return func(o service.Outcome, err error) {
		for _, f := range set {
			f(o, err)
		}
	}
}

// metricsOf is service.Options.Metrics.
func (o *observation) metricsOf() service.Metrics {
	if o.metrics == nil {
		return nil
	}
	return o.metrics
}

// operation is sqlite.Options.OnOperation.
func (o *observation) operation() func(decision.Operation) {
	if o.metrics == nil {
		return nil
	}
	return o.metrics.Operation
}

func (o *observation) fault(doing string, err error) {
	if o.metrics != nil {
		o.metrics.Fault(doing, err)
	}
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

func (o *observation) close() error {
	var errs []error
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
