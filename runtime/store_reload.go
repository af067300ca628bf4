package runtime

import (
	"slices"

	"ups/policy"
)

// Change says that the policies of a service are not what they were. Sessions
// of its server fetch their configuration anew, and decisions are purged.
type Change struct {
	Service policy.Service
	Kind    ChangeKind
	// Old and New are the policies before and after. They are nil where there
	// were none that could be used, or where they were not loaded.
	Old, New *List
}

// ChangeKind says what happened to a service's policy file.
type ChangeKind uint8

// The kinds of changes.
const (
	Changed ChangeKind = iota
	Added
	Removed
)

// String returns "changed", "added" or "removed".
func (k ChangeKind) String() string {
	switch k {
	case Added:
		return "added"
	case Removed:
		return "removed"
	}
	return "changed"
}

// Reload takes up what has changed in the folders (NotifyPolicyFilesChanged).
// Requests under way go on with the lists that they hold; List returns the new
// ones once Reload returns. The change is one for all services. A list whose
// file has the same content as before stays, with its index.
//
// Files that were loaded are read and loaded anew before the change, the others
// when they are next needed. Content is compared, not times: those are too
// coarse, and may be set to anything. The caller says that the files are
// written: they are judged as they are. For files that may be in the making,
// see Watch.
//
// If a folder can't be listed, or the ROM folder is gone, the store stays as
// it is, and the error says so.
func (s *Store) Reload() error {
	_, err := s.reload(false)
	return err
}

// reload is Reload. If settling is set, services with a file that may not have
// been written to the end stay as they are, and waiting is set.
func (s *Store) reload(settling bool) (waiting bool, err error) {
	defer s.callbacks.run() // once it is unlocked
	s.reloading.Lock()
	defer s.reloading.Unlock()
	found, err := s.scan()
	if err != nil {
		return false, err
	}
	before := s.current.Load().entries
	after := make(map[policy.Service]*entry, len(found.files))
	for id, at := range found.files {
		e, wait := s.renew(before[id], &entry{id: id, at: at}, settling)
		waiting = waiting || wait
		if e != nil {
			after[id] = e
		}
	}
	snap := s.newSnapshot(after)
	s.current.Store(snap)
	s.reportAll(found.problems, after)
	if changes := compare(before, after); len(changes) > 0 {
		s.changed(changes, snap)
	}
	return waiting, nil
}

// renew returns the entry that follows old, which is nil for a new service: e,
// loaded if old was needed, or old itself if the files of e are not settled yet.
func (s *Store) renew(old, e *entry, settling bool) (next *entry, waiting bool) {
	if old == nil || !old.needed.Load() {
		if settling && e.unsettled(s.settle) {
			return old, true
		}
		return e, false
	}
	var known [drives]*policyFile
	if was := old.loaded.Load(); was != nil {
		known = was.files
	}
	files := e.read(known, 0)
	if settling && anyUnsettled(files, s.settle) {
		return old, true
	}
	e.needed.Store(true)
	e.loaded.Store(e.choose(s, files))
	return e, false
}

// reportAll reports the problems of folders, and forgets those of files that are
// gone.
func (s *Store) reportAll(problems []Problem, entries map[policy.Service]*entry) {
	paths := map[string]bool{}
	for _, p := range problems {
		paths[p.Path] = true
	}
	for _, e := range entries {
		for _, at := range e.at {
			paths[at.path] = true
		}
	}
	s.reporter.resolvedElsewhere(paths)
	for _, p := range problems {
		s.reporter.add(ofFile, p)
	}
}

// compare returns what differs, in the order of services.
func compare(before, after map[policy.Service]*entry) []Change {
	var changes []Change
	for id, e := range after {
		old := before[id]
		switch {
		case old == nil:
			changes = append(changes, Change{Service: id, Kind: Added})
		case e.differs(old):
			changes = append(changes, Change{id, Changed, old.list(), e.list()})
		}
	}
	for id, old := range before {
		if after[id] == nil {
			changes = append(changes, Change{Service: id, Kind: Removed, Old: old.list()})
		}
	}
	slices.SortFunc(changes, func(a, b Change) int { return compareServices(a.Service, b.Service) })
	return changes
}

// list returns the policies if they are loaded and can be used.
func (e *entry) list() *List {
	if l := e.loaded.Load(); l != nil {
		return l.list
	}
	return nil
}

// differs reports whether anyone could have seen another thing in old. Of
// files that nobody needed, only where they are is known.
func (e *entry) differs(old *entry) bool {
	was, is := old.loaded.Load(), e.loaded.Load()
	switch {
	case e == old:
		return false
	case is == nil:
		return old.needed.Load() || e.paths() != old.paths()
	case was == nil:
		return true // somebody is about to see old
	}
	return was.list != is.list || errorText(was.err) != errorText(is.err)
}

func (e *entry) paths() (paths [drives]string) {
	for d, at := range e.at {
		paths[d] = at.path
	}
	return paths
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
