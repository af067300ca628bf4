package match

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/settings"
	"ups/cmd/ups/internal/sources"
	"ups/internal/walk"
	"ups/policy"
	"ups/runtime"
)

// sourceStore is a folder of policy sources: the store that a device would
// have of them. Each is compiled when it is first asked for.
type sourceStore struct {
	open     func(path string) (policySource, error)
	paths    map[policy.Service]string
	compiled map[policy.Service]string // files that are passed over

	mu     sync.Mutex
	opened map[policy.Service]openedSource
}

type openedSource struct {
	source policySource
	err    error
}

// newSourceStore returns the store of the sources in a folder and below, nil
// if there are none. Two for one service are an error, and so is what can't be
// read: a policy that it may have would be taken for absent.
func newSourceStore(dir string, settings *settings.Settings, open func(string) (policySource, error)) (*sourceStore, error) {
	s := &sourceStore{
		open:     open,
		paths:    map[policy.Service]string{},
		compiled: map[policy.Service]string{},
		opened:   map[policy.Service]openedSource{},
	}
	tree := walk.Folder(dir)
	errs := slices.Concat(tree.Errors, sources.Specials(tree, sources.IsSource))
	for _, path := range tree.Files {
		excluded, err := settings.Excludes(path)
		if err == nil && !excluded {
			err = s.add(settings.Con, path)
		}
		errs = append(errs, err)
	}
	if err := errors.Join(errs...); err != nil || len(s.paths) == 0 {
		return nil, err
	}
	if n := len(s.compiled); n > 0 {
		settings.Con.Note("%s: taken for a folder of sources; compiled files that it has too are passed over: %d", dir, n)
	}
	return s, nil
}

// add takes a file into the store, if it is one of policies.
func (s *sourceStore) add(con *console.Console, path string) error {
	id, ext, named := policy.ParseFileName(filepath.Base(path))
	if named && ext == policy.CompiledExt {
		s.compiled[id] = path
	}
	if !sources.IsSource(path) {
		return nil
	}
	if !named {
		is, err := sources.IsPolicySource(path)
		if is {
			con.Note("%s: passed over: the name of a policy source says whose it is, as in ups_101f7f1f_1000a00a.rss", path)
		}
		return err
	}
	if other, taken := s.paths[id]; taken {
		return fmt.Errorf("%s and %s are for the same service", other, path)
	}
	s.paths[id] = path
	return nil
}

func (s *sourceStore) find(r *request) (*runtime.List, string, error) {
	if !r.named {
		return nil, "", errUnnamed
	}
	id := policy.Service{Server: r.server, Service: r.service}
	path, ok := s.paths[id]
	if compiled, passed := s.compiled[id]; passed && !ok {
		return nil, "", console.Hint(fmt.Errorf("%s is compiled, in a folder of sources, and none of them is for that service", compiled),
			"ask the compiled file itself, or a folder that has compiled files only")
	}
	if !ok {
		return nil, "", fmt.Errorf("%s: %w", id.FileName(policy.CompiledExt), runtime.ErrMissingPolicyFile)
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
