package runtime

import (
	"errors"

	"ups/policy"
	"ups/runtime/decision"
)

// Config gives the service configuration of a system server: each of its
// services with a policy file on either drive, once, in the order of their
// UIDs (docs/service.md, Policy files). It loads their
// files.
//
// A service whose policy file can't be used is there with EAlwaysCheck and the
// versions 0: left out, it would count as one without a policy file, and a
// client library would allow what the service must refuse.
func (s *Store) Config(server uint32) []ServiceConfig {
	defer s.callbacks.run()
	return s.configQuietly(server)
}

// configQuietly is Config for who runs the callbacks later.
func (s *Store) configQuietly(server uint32) []ServiceConfig {
	entries := s.current.Load().byServer[server]
	configs := make([]ServiceConfig, 0, len(entries))
	for _, e := range entries {
		l := e.loadQuietly(s)
		if !errors.Is(l.err, ErrMissingPolicyFile) {
			configs = append(configs, newServiceConfig(e.id.Service, l.list))
		}
	}
	return configs
}

// ServiceConfig gives the configuration of one service: the zero value, with
// its UID, if it has no policy file. It is what Config gives of it.
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

// Config gives the service configuration that the policy file of a service
// makes.
func (l *List) Config(service uint32) ServiceConfig {
	h := l.file.Header
	return ServiceConfig{service, true, h.AuthorisationPolicy, h.MajorVersion, h.MinorVersion}
}

// Active gives the major version of each policy file that is in use, as
// decision.DB.Purge takes it, and the services whose file can't be used. Those
// have no version, and a purge has to spare them. It loads every file.
func (s *Store) Active() (active map[decision.Service]uint16, bad []decision.Service) {
	defer s.callbacks.run()
	return s.current.Load().active(s)
}

// active is Active for who runs the callbacks later.
func (snap *snapshot) active(s *Store) (active map[decision.Service]uint16, bad []decision.Service) {
	active = map[decision.Service]uint16{}
	for _, id := range snap.services() {
		switch l := snap.entries[id].loadQuietly(s); {
		case l.err == nil:
			active[id] = l.list.file.Header.MajorVersion
		case errors.Is(l.err, ErrBadPolicyFile):
			bad = append(bad, id)
		}
	}
	return active, bad
}
