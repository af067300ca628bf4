package runtime

import (
	"context"
	"flag"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ups/internal/rsc"
	"ups/policy"
)

// The full size is -store.requests=10000000.
var storeRequests = flag.Int("store.requests", 40_000, "requests that are at least decided while the store reloads")

const (
	raceWorkers  = 8
	raceServices = 4
	racePolicies = 20
)

// versioned returns a file whose policies are turned round by its version, so
// that the answers to any two requests show whether they are of one version.
func versioned(tb testing.TB, version int) []byte {
	tb.Helper()
	f := &policy.File{
		UID2: policy.ResourceFileUID, Version: policy.FormatVersion,
		Header: &policy.Header{MajorVersion: uint16(version), DialogCreator: 1},
	}
	for place := range racePolicies {
		f.Policies = append(f.Policies, policy.Policy{
			SIDClasses: policy.AllSIDs, Options: policy.Yes | policy.No,
			Destination: policy.NewText(raceDestination((place+version)%racePolicies) + "*"),
		})
	}
	b, err := rsc.Encode(f)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func raceDestination(n int) string { return fmt.Sprintf("+44%02d", n) }

// mixed says what is wrong with the answers of one list, if anything.
func mixed(l *List, from int) string {
	version := int(l.File().Header.MajorVersion)
	for n := from; n < from+3; n++ {
		got, err := l.Decide(7, true, raceDestination(n%racePolicies)+"123")
		if want := (n%racePolicies + racePolicies - version) % racePolicies; err != nil || got != want {
			return fmt.Sprintf("version %d: place %d, want %d (%v)", version, got, want, err)
		}
	}
	return ""
}

// requests asks until the store has answered n times.
func requests(t *testing.T, s *Store, left *atomic.Int64) {
	for i := 0; left.Add(-3) > -3; i++ {
		l, err := s.List(testServer, uint32(i%raceServices))
		if err != nil {
			t.Error(err)
			return
		}
		if wrong := mixed(l, i); wrong != "" {
			t.Error(wrong)
			return
		}
	}
}

func TestRequestsWhileTheStoreReloads(t *testing.T) {
	f := newFixture(t)
	for service := range uint32(raceServices) {
		f.write(f.rom, fileName(testServer, service), versioned(t, 0))
	}
	s := f.open()
	var left atomic.Int64
	left.Store(math.MaxInt64)
	var g sync.WaitGroup
	for range raceWorkers {
		g.Go(func() { requests(t, s, &left) })
	}
	const least = 30 // reloads that requests run beside
	reloads := 0
	for ; left.Load() > 0; reloads++ {
		if reloads == least {
			left.Store(int64(*storeRequests))
		}
		f.disturb(reloads)
		reload(t, s)
	}
	g.Wait()
	t.Logf("at least %d requests, %d reloads, %d changes", *storeRequests, reloads, len(f.changes))
	if len(f.changes) < least/2 {
		t.Errorf("only %d changes", len(f.changes))
	}
	same(t, "problems", f.said(), []string(nil))
}

// disturb changes one of the services in one of the ways in which that may be
// done while requests run.
func (f *fixture) disturb(n int) {
	name := fileName(testServer, uint32(n%raceServices))
	switch b := versioned(f.tb, n%racePolicies); n / raceServices % 3 {
	case 0:
		f.replace(f.rom, name, b)
	case 1:
		f.replace(f.system, name, b)
	default:
		f.remove(f.system, name)
	}
}

// Here files are written in place, and nobody says when they are done.
func TestRequestsWhileFilesAreWrittenAndWatched(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		for service := range uint32(raceServices) {
			f.write(f.rom, fileName(testServer, service), versioned(t, 0))
		}
		s := f.watch()
		f.settles(s, 0)
		ctx, cancel := context.WithCancel(t.Context())
		var g sync.WaitGroup
		for worker := range raceWorkers {
			g.Go(func() {
				for ctx.Err() == nil && !t.Failed() {
					var some atomic.Int64
					some.Store(100)
					requests(t, s, &some)
					time.Sleep(testSettle/8 + time.Duration(worker)) // the time of a bubble must go on
				}
			})
		}
		for version := 1; version < 4; version++ {
			for service := range uint32(raceServices) {
				f.writeSlowly(f.rom, fileName(testServer, service), versioned(t, version), func() {})
			}
			f.settles(s, version)
		}
		cancel()
		g.Wait()
		same(t, "problems", f.said(), []string(nil))
	})
}

// settles waits until all services answer with that version.
func (f *fixture) settles(s *Store, version int) {
	f.tb.Helper()
	for service, end := uint32(0), time.Now().Add(longest); service < raceServices; time.Sleep(testSettle / 10) {
		l, err := s.List(testServer, service)
		switch {
		case err != nil || time.Now().After(end):
			f.tb.Fatalf("service %d: version %s, want %d (%v)", service, major(l), version, err)
		case major(l) == fmt.Sprint(version):
			service++
		}
	}
}
