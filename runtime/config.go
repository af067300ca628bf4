package runtime

import (
	"errors"

	"ups/policy"
)

// Config returns the service configuration of a system server: each of its
// services with a policy file on either drive, once, in the order of their
// UIDs (docs/service.md, Policy files). It loads their
// files.
//
// A service whose policy file can't be used is there with EAlwaysCheck and the
// versions 0: left out, it would count as one without a policy file, and a
// client library would allow what the service must refuse.
func (snap *Snapshot) Config(server uint32) []ServiceConfig {
	entries := snap.byServer[server]
	configs := make([]ServiceConfig, 0, len(entries))
	for _, e := range entries {
		l := e.load(snap.store)
		if !errors.Is(l.err, ErrMissingPolicyFile) {
			configs = append(configs, newServiceConfig(e.id.Service, l.list))
		}
	}
	return configs
}

// ServiceConfig returns the configuration of one service: the zero value, with
// its UID, if it has no policy file. Config returns it.
func (s *Store) ServiceConfig(server, service uint32) ServiceConfig {
	l, err := s.List(server, service)
	if errors.Is(err, ErrMissingPolicyFile) {
		return ServiceConfig{Service: service}
	}
	return newServiceConfig(service, l)
}

// newServiceConfig makes the configuration of a service with a policy file; l
// is nil if it can't be used.
func newServiceConfig(service uint32, l *List) ServiceConfig {
	if l == nil {
		return ServiceConfig{Service: service, HasPolicyFile: true, AuthorisationPolicy: policy.AlwaysCheck}
	}
	return l.Config(service)
}

// Config returns the service configuration that the policy file of a service
// makes.
func (l *List) Config(service uint32) ServiceConfig {
	h := l.file.Header
	return ServiceConfig{service, true, h.AuthorisationPolicy, h.MajorVersion, h.MinorVersion}
}

// Active returns the major version of each policy file that is in use, as
// decision.DB.Purge takes it, and the services whose file can't be used. Those
// have no version, and a purge has to spare them. It loads every file.
func (snap *Snapshot) Active() (active map[policy.Service]uint16, bad []policy.Service) {
	active = map[policy.Service]uint16{}
	for _, id := range snap.services() {
		switch l := snap.entries[id].load(snap.store); {
		case l.err == nil:
			active[id] = l.list.file.Header.MajorVersion
		case errors.Is(l.err, ErrBadPolicyFile):
			bad = append(bad, id)
		}
	}
	return active, bad
}

// Outdated reports whether the policy file of a service is gone, or has another
// major version than that one: answers under that version are void. It waits
// for no file. One that isn't loaded yet, or can't be used, is no reason to
// forget answers.
func (s *Store) Outdated(server, service uint32, major uint16) bool {
	e := s.current.Load().entries[policy.Service{Server: server, Service: service}]
	if e == nil {
		return true
	}
	l := e.loaded.Load()
	switch {
	case l == nil:
		return false
	case l.err != nil:
		return !errors.Is(l.err, ErrBadPolicyFile)
	}
	return l.list.file.Header.MajorVersion != major
}
