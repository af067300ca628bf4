package main

import (
	"fmt"
	"sync"

	"ups/internal/walk"
	"ups/runtime"
	"ups/runtime/decision"
)

// sourceStore is a folder of policy sources: the store that a device would
// have of them. Each is compiled when it is first asked for.
type sourceStore struct {
	open  func(path string) (policySource, error)
	paths map[decision.Service]string

	mu     sync.Mutex
	opened map[decision.Service]openedSource
}

type openedSource struct {
	source policySource
	err    error
}

// newSourceStore returns the store of the sources in a folder and below, nil
// if there are none. Two for one service are an error.
func newSourceStore(dir string, open func(string) (policySource, error)) (*sourceStore, error) {
	s := &sourceStore{open: open, paths: map[decision.Service]string{}, opened: map[decision.Service]openedSource{}}
	for _, path := range walk.Folder(dir).Files {
		server, service, named := idsOf(path)
		if !named || !isSource(path) {
			continue
		}
		id := decision.Service{Server: server, Service: service}
		if other, taken := s.paths[id]; taken {
			return nil, fmt.Errorf("%s and %s are for the same service", other, path)
		}
		s.paths[id] = path
	}
	if len(s.paths) == 0 {
		return nil, nil
	}
	return s, nil
}

func (s *sourceStore) find(r *matchRequest) (*runtime.List, string, error) {
	if !r.named {
		return nil, "", errUnnamed
	}
	id := decision.Service{Server: r.server, Service: r.service}
	path, ok := s.paths[id]
	if !ok {
		return nil, "", fmt.Errorf("%s: %w", runtime.FileName(r.server, r.service), runtime.ErrMissingPolicyFile)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.opened[id]
	if !ok {
		o.source, o.err = s.open(path)
		s.opened[id] = o
	}
	if o.err != nil {
		return nil, "", o.err
	}
	return o.source.find(r)
}
