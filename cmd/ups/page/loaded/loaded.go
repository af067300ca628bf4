// Package loaded shows the policy lists of a running service on its control panel,
// with what lint finds in them, and the picture of what they decide.
package loaded

import (
	"cmp"
	"maps"
	"slices"
	"sync"

	"ups/cmd/ups/page/model"
	"ups/cmd/ups/page/svg"
	"ups/compiler"
	"ups/lint"
	"ups/lint/report"
	"ups/policy"
	"ups/runtime"
	"ups/runtime/server/panel"
)

// Lists returns what panel.Options.Lists is for the policies of a store. What is
// worked out of a list is kept for as long as the store has it.
func Lists(store *runtime.Store) func() []panel.List {
	s := &shown{store: store}
	return s.all
}

// shown is what was worked out of the lists of a store.
type shown struct {
	store *runtime.Store
	mu    sync.Mutex // guards lists, and makes that each is worked out once
	lists map[*runtime.List]panel.List
}

// all returns the lists by server and service, and forgets those that were replaced.
func (s *shown) all() []panel.List {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.lists
	s.lists = map[*runtime.List]panel.List{}
	var all []panel.List
	for _, service := range services(s.store) {
		l, path, err := s.store.Find(service.Server, service.Service)
		if err != nil {
			all = append(all, panel.List{Service: service, Path: path, Problem: err.Error()})
			continue
		}
		v, ok := before[l]
		if !ok {
			v = pageOf(service, path, l)
		}
		s.lists[l], v.Path, v.Service = v, path, service
		all = append(all, v)
	}
	return all
}

// services are those that have a policy file.
func services(store *runtime.Store) []policy.Service {
	var all []policy.Service
	store.Read(func(now *runtime.Snapshot) {
		active, bad := now.Active()
		all = append(slices.Collect(maps.Keys(active)), bad...)
	})
	slices.SortFunc(all, func(a, b policy.Service) int {
		return cmp.Or(cmp.Compare(a.Server, b.Server), cmp.Compare(a.Service, b.Service))
	})
	return all
}

// pageOf works out what is shown of a list.
func pageOf(service policy.Service, path string, l *runtime.List) panel.List {
	f := l.File()
	in := &lint.Input{Path: path, File: f, Diagnostics: compiler.Check(f).All()}
	checked := lint.Check(in, nil)
	m := model.Of(f, in.Analysis())
	v := panel.List{
		Service: service, Path: path, List: l, Words: svg.Describe(m),
		Picture: []byte(svg.Draw(m, svg.Options{Title: service.FileName(policy.CompiledExt), ID: "p"})),
	}
	for _, found := range lint.Finish([]*lint.Checked{checked}) {
		v.Findings = append(v.Findings, panel.Finding{
			Severity: found.Severity.String(), Code: found.Code, Message: report.Printable(found.Message),
		})
	}
	return v
}
