package serve

import (
	"context"
	"errors"
	"reflect"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/serve/config"
)

// reload reads the configuration, and the files that it names, again. What has
// a mistake stays as it was, and is logged.
func (p *process) reload(ctx context.Context) {
	p.manager.reloading()
	defer p.manager.ready()
	whole := true
	note := func(stays string, err error) {
		if err != nil {
			p.logEach(stays, err)
			whole = false
		}
	}
	note("the certificates stay as they were", p.sockets.reload())
	cfg, err := p.command.configuration(ctx)
	if err == nil {
		err = p.apply(cfg)
	}
	note("the configuration stays as it was", err)
	p.api.IdentitiesChanged() // by the configuration, or by the authorities
	note("the policies stay as they were", p.store.Reload())
	note("the password of the control panel stays as it was", p.panel.reload(p.config.Panel.Password))
	note("the decision log stays the file that it was", p.observed.reopen())
	p.observed.reloaded(whole)
	p.panel.tell(p.log, true)
	if whole {
		p.log.Info("read again: configuration, certificates, policies, password")
	} else {
		p.log.Warn("read again, but for what stays as it was")
	}
}

// apply takes over what can change while the server runs, or nothing.
func (p *process) apply(cfg *config.Config) error {
	if err := p.identifier.set(cfg.Identities); err != nil {
		return err
	}
	p.answers.Store(&cfg.Answers)
	p.names.set(cfg)
	p.level.Set(cfg.Log.Level)
	if parts := later(p.config, cfg); len(parts) > 0 {
		p.log.Warn("a change of the configuration takes effect when the server is started again", "parts", parts)
	}
	return nil
}

// later names the parts of a configuration that differ and are read at the start.
func later(old, now *config.Config) (parts []string) {
	for _, part := range []struct {
		name     string
		old, now any
	}{
		{"policies", []string{old.ROM.Path, old.System.Path}, []string{now.ROM.Path, now.System.Path}},
		{"decisions", old.Decisions.Path, now.Decisions.Path},
		{"listen", placeless(old.Listen), placeless(now.Listen)},
		{"plug-ins", old.PlugIns, now.PlugIns},
		{"answers", old.Answers == nil && now.Answers != nil, false},
		{"limits", old.Limits, now.Limits},
		{"deadlines", old.Deadlines, now.Deadlines},
		{"panel", []string{old.Panel.Listen, old.Panel.Password.Path}, []string{now.Panel.Listen, now.Panel.Password.Path}},
		{"metrics", placeless([]config.Listener{old.Metrics}), placeless([]config.Listener{now.Metrics})},
		{"decision-log", []any{old.DecisionLog.File.Path, old.DecisionLog.Mask}, []any{now.DecisionLog.File.Path, now.DecisionLog.Mask}},
		{"traces", old.Traces, now.Traces},
		{"idle", old.Idle, now.Idle},
		{"stop", old.Stop, now.Stop},
		{"log", []any{old.Log.JSON, old.Log.Mask}, []any{now.Log.JSON, now.Log.Mask}},
	} {
		if !reflect.DeepEqual(part.old, part.now) {
			parts = append(parts, part.name)
		}
	}
	return parts
}

// placeless returns listeners without where they stand in the file.
func placeless(of []config.Listener) []config.Listener {
	all := make([]config.Listener, len(of))
	for i, l := range of {
		l.Pos = config.Listener{}.Pos
		for _, n := range []*config.Name{&l.TLS.Certificate, &l.TLS.Key, &l.TLS.Clients} {
			n.Pos = l.Pos
		}
		all[i] = l
	}
	return all
}

// logEach logs each of the errors that an error joins.
func (p *process) logEach(message string, err error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, err := range joined.Unwrap() {
			p.logEach(message, err)
		}
		return
	}
	args := []any{"error", err}
	if h := (console.HintedError{}); errors.As(err, &h) && h.Hint != "" {
		args = append(args, "hint", h.Hint)
	}
	p.log.Error(message, args...)
}
