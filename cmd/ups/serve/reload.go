package serve

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/serve/config"
	"ups/policy"
	"ups/runtime"
	"ups/runtime/server"
)

// reload reads the configuration, and the files that it names, again. What has
// a mistake stays as it was, and is logged.
func (p *process) reload(ctx context.Context) (done server.Reloaded) {
	p.manager.reloading()
	defer p.manager.ready()
	note := func(stays string, err error) { done.Mistakes = append(done.Mistakes, p.logEach(stays, err)...) }
	note("the certificates stay as they were", p.sockets.reload())
	cfg, err := p.command.configuration(ctx)
	if err == nil {
		done.Restart, err = p.apply(cfg)
	}
	note("the configuration stays as it was", err)
	p.api.IdentitiesChanged() // by the configuration, or by the authorities
	note("the policies stay as they were", p.store.Reload())
	note("the password of the control panel stays as it was", p.panel.reload(p.config.Panel.Password))
	note("the decision log stays the file that it was", p.observed.reopen())
	whole := len(done.Mistakes) == 0
	p.observed.reloaded(whole)
	if whole {
		p.log.Info("read again: configuration, certificates, policies, password")
	} else {
		p.log.Warn("read again, but for what stays as it was")
	}
	done.Mistakes = append(done.Mistakes, p.faultyPolicies()...)
	return done
}

// faultyPolicies says which policy files can't be used. Why is logged when they are read.
func (p *process) faultyPolicies() (all []string) {
	p.store.Read(func(s *runtime.Snapshot) {
		_, faulty := s.Active()
		for _, of := range faulty {
			all = append(all, fmt.Sprintf("%s can't be used, so that requests for its service fail: the log says why", of.FileName(policy.CompiledExt)))
		}
	})
	return all
}

// apply takes over what can change while the server runs, or nothing. Restart is what
// else has changed.
func (p *process) apply(cfg *config.Config) (restart []string, err error) {
	if err := p.identifier.set(cfg.Identities); err != nil {
		return nil, err
	}
	p.answers.Store(&cfg.Answers)
	p.names.set(cfg)
	p.level.Set(cfg.Log.Level)
	restart = later(p.config, cfg)
	if len(restart) > 0 {
		p.log.Warn("a change of the configuration takes effect when the server is started again", "parts", restart)
	}
	return restart, nil
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

// logEach logs each of the errors that an error joins, and returns what it logs.
func (p *process) logEach(message string, err error) (logged []string) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, err := range joined.Unwrap() {
			logged = append(logged, p.logEach(message, err)...)
		}
		return logged
	}
	if err == nil {
		return nil
	}
	args := []any{"error", err}
	text := message + ": " + err.Error()
	if h := (console.HintedError{}); errors.As(err, &h) && h.Hint != "" {
		args = append(args, "hint", h.Hint)
		text += " (" + h.Hint + ")"
	}
	p.log.Error(message, args...)
	return []string{text}
}
