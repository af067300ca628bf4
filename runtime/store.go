package runtime

import (
	"cmp"
	"fmt"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"ups/policy"
)

// Store finds and loads the policy files of two folders (docs/service.md,
// Policy files). Files are loaded when first needed and
// stay loaded. All methods may be called from any goroutine.
type Store struct {
	folders        [drives]string
	maxDestination int
	settle         time.Duration
	callbacks      callbacks
	reporter       reporter
	newWatcher     func() (watcher, error)

	current       atomic.Pointer[Snapshot]
	reloading     sync.Mutex // held while current is replaced, and by Hold
	subscriptions subscriptions
	watched       atomic.Bool
}

// StoreOptions says how a store is opened. The zero value is ready for use.
type StoreOptions struct {
	// Report is called with what is wrong with files. Nil logs to slog.Default.
	//
	// It is called by any goroutine that uses the store, with one problem after
	// the other, and may use the store itself, and Reload it. What uses the
	// store returns when its problems have been reported, unless another
	// goroutine is reporting: that one then reports them all.
	Report func(Problem)
	// Settle is how long a watched file must rest before it counts as written
	// (see Watch). The default is 500 ms. It must not be shorter than the
	// steps in which the file system counts times: two seconds on FAT.
	Settle time.Duration
	// MaxDestination is how many UTF-16 units the destination of a request may
	// have. Zero is DefaultMaxDestination; the time that a hostile list can
	// make a decision take grows with its square.
	MaxDestination int
}

const defaultSettle = 500 * time.Millisecond

// Open opens the policies of a ROM folder, and of a system folder, which
// eclipse them; system is "" if there is none. It lists the folders and reads
// no file.
//
// A system folder that isn't there is an empty one. A ROM folder that isn't
// there is an error: a store without policies would have client libraries
// allow what it was to guard. An empty name of it is ErrMissingArgument.
// Folders below are not looked into.
func Open(rom, system string, opt StoreOptions) (*Store, error) {
	if rom == "" {
		return nil, fmt.Errorf("ROM folder: %w", ErrMissingArgument)
	}
	s := &Store{folders: [drives]string{romDrive: filepath.Clean(rom)}, settle: cmp.Or(opt.Settle, defaultSettle), maxDestination: cmp.Or(opt.MaxDestination, DefaultMaxDestination)}
	if system != "" {
		s.folders[systemDrive] = filepath.Clean(system)
	}
	s.reporter = reporter{report: opt.Report, callbacks: &s.callbacks, reported: map[subject]string{}}
	if opt.Report == nil {
		s.reporter.report = LogProblems(slog.Default())
	}
	s.current.Store(s.newSnapshot(nil))
	s.newWatcher = newNotifier
	if err := s.Reload(); err != nil {
		return nil, err
	}
	return s, nil
}

// List returns the policies of a service. They do not change: a request that
// goes on with the list that it began with sees one version of the file.
//
// The error wraps ErrMissingPolicyFile if there is no file, and
// ErrBadPolicyFile if there is one and none that can be used.
func (s *Store) List(server, service uint32) (*List, error) {
	l, _, err := s.Find(server, service)
	return l, err
}

// Find is List, and returns the path of the file too.
func (s *Store) Find(server, service uint32) (l *List, path string, err error) {
	id := policy.Service{Server: server, Service: service}
	e := s.current.Load().entries[id]
	if e == nil {
		return nil, "", fmt.Errorf("%s: %w", id.FileName(policy.CompiledExt), ErrMissingPolicyFile)
	}
	found := s.load(e)
	return found.list, found.path, found.err
}

// services returns the services that have a policy file on either drive, sound
// or not, in the order of their servers, then of their own UIDs.
func (snap *Snapshot) services() []policy.Service {
	return slices.SortedFunc(maps.Keys(snap.entries), compareServices)
}

func compareServices(a, b policy.Service) int {
	return cmp.Or(cmp.Compare(a.Server, b.Server), cmp.Compare(a.Service, b.Service))
}

// Snapshot is the policy files of a store at one time (Store.Read, Store.Hold,
// Store.Subscribe). It does not change, but its files are loaded when they are
// first needed.
type Snapshot struct {
	store    *Store
	entries  map[policy.Service]*entry
	byServer map[uint32][]*entry // in the order of services
}

func (s *Store) newSnapshot(entries map[policy.Service]*entry) *Snapshot {
	snap := &Snapshot{store: s, entries: entries, byServer: map[uint32][]*entry{}}
	for id, e := range entries {
		snap.byServer[id.Server] = append(snap.byServer[id.Server], e)
	}
	for _, list := range snap.byServer {
		slices.SortFunc(list, func(a, b *entry) int { return compareServices(a.id, b.id) })
	}
	return snap
}
