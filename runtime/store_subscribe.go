package runtime

import (
	"slices"
	"sync"
)

// Read calls f with the policy files as they are now. What is wrong with those
// that f needs is reported after f has returned.
func (s *Store) Read(f func(*Snapshot)) {
	defer s.callbacks.run()
	f(s.current.Load())
}

// Hold is Read, and no reload takes effect before f returns. F must not reload
// the store.
func (s *Store) Hold(f func(*Snapshot) error) error {
	defer s.callbacks.run() // once it is unlocked
	s.reloading.Lock()
	defer s.reloading.Unlock()
	return f(s.current.Load())
}

// Subscribe has f called with what each reload has changed, and with the policy
// files that List returns from then on. The next reload takes effect after f
// has returned. F must not reload the store.
//
// After cancel, no reload that begins calls f. Cancel waits for none that is
// under way, and may be called by f.
func (s *Store) Subscribe(f func([]Change, *Snapshot)) (cancel func()) {
	return s.subscriptions.add(f)
}

// changed calls the subscribers. The store is being reloaded.
func (s *Store) changed(changes []Change, snap *Snapshot) {
	for _, sub := range s.subscriptions.current() {
		sub.call(changes, snap)
	}
}

// subscriptions are those of Store.Subscribe.
type subscriptions struct {
	mu  sync.Mutex
	all []*subscription
}

type subscription struct{ call func([]Change, *Snapshot) }

func (s *subscriptions) add(f func([]Change, *Snapshot)) (cancel func()) {
	sub := &subscription{f}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, sub)
	return func() { s.remove(sub) }
}

func (s *subscriptions) remove(sub *subscription) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = slices.DeleteFunc(s.all, func(other *subscription) bool { return other == sub })
}

func (s *subscriptions) current() []*subscription {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.all)
}
