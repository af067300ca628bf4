package runtime

import (
	"errors"
	"flag"
	"fmt"
	goruntime "runtime"
	"testing"
	"time"

	"ups/internal/rsc"
	"ups/policy"
)

// The full size is -store.files=10000; the benchmarks have it always.
var storeFiles = flag.Int("store.files", 500, "files in the store that is measured")

const (
	fullStore = 10_000 // files
	filledBy  = 100    // services of a server
)

// What a store of fullStore files of 40 policies may take.
const (
	mostTimeToOpen = time.Second
	mostMemory     = 300 << 20 // bytes, all loaded
)

// realistic returns a file of 40 policies: SIDs, classes, prefixes, suffixes,
// exact destinations and a last policy for all others.
func realistic(tb testing.TB, n int) []byte {
	tb.Helper()
	f := &policy.File{
		UID2: policy.ResourceFileUID, Version: policy.FormatVersion,
		Header: &policy.Header{MajorVersion: uint16(n), DialogCreator: 0x10281234},
	}
	for i := range 40 {
		p := policy.Policy{SIDClasses: policy.ProtectedSIDs, Options: policy.AllOptions}
		if i%3 == 0 {
			p.SIDs = []uint32{uint32(0x20000000 + n), uint32(0x20010000 + i)}
		}
		form := []string{"+44%05d%02d*", "*%05d.service%02d.example", "https://host%05d.example/path/%02d", "*%05d-%02d*"}[i%4]
		p.Destination = policy.NewText(fmt.Sprintf(form, n, i))
		f.Policies = append(f.Policies, p)
	}
	f.Policies[39] = policy.Policy{SIDClasses: policy.AllSIDs, Destination: policy.NewText("*"), Options: policy.Yes | policy.No}
	b, err := rsc.Encode(f)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// fill writes that many files.
func (f *fixture) fill(files int) {
	f.tb.Helper()
	for n := range files {
		f.write(f.rom, fileName(uint32(n/filledBy), uint32(n%filledBy)), realistic(f.tb, n))
	}
}

// The limits are for the full size; a smaller store may take its share. Twice
// the time and half a second more are for other work on the machine.
func TestStoreSize(t *testing.T) {
	f := newFixture(t)
	f.fill(*storeFiles)
	share := float64(*storeFiles) / fullStore
	limit := slowness * (time.Duration(2*share*float64(mostTimeToOpen)) + 500*time.Millisecond)
	var s *Store
	var took time.Duration
	for n := 0; n == 0 || n < 5 && took > limit; n++ { // a machine that stalls is slow once
		start := time.Now()
		s = f.open()
		took = time.Since(start)
	}
	if took > limit {
		t.Errorf("opened in %v, limit %v", took, limit)
	}
	before := heap()
	if active, bad := activeIn(s); len(active) != *storeFiles || len(bad) != 0 {
		t.Fatalf("%d files loaded, %d bad", len(active), len(bad))
	}
	for _, id := range s.current.Load().services() { // what is built when it is first used counts
		decideSome(t, s, id.Server, id.Service)
	}
	grown := heap() - before
	if limit := int64(share * mostMemory); grown > limit {
		t.Errorf("%d bytes when all are loaded, limit %d", grown, limit)
	}
	t.Logf("%d files: opened in %v, %.1f MB when all are loaded and used", *storeFiles, took, float64(grown)/(1<<20))
	goruntime.KeepAlive(s)
}

// decideSome asks a service a few things, and checks the last answer.
func decideSome(tb testing.TB, s *Store, server, service uint32) {
	tb.Helper()
	l, err := s.List(server, service)
	if err != nil {
		tb.Fatal(err)
	}
	n := server*filledBy + service
	for _, destination := range []string{fmt.Sprintf("+44%05d041", n), fmt.Sprintf("https://host%05d.example/path/02", n), "other"} {
		place, err := l.Decide(1, true, destination)
		if err != nil || destination == "other" && place != 39 {
			tb.Fatalf("%s: %d %v", destination, place, err)
		}
	}
}

// heap returns the bytes in use.
func heap() int64 {
	goruntime.GC()
	var m goruntime.MemStats
	goruntime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func BenchmarkOpen10000(b *testing.B) {
	f := newFixture(b)
	f.fill(fullStore)
	b.ReportAllocs()
	for b.Loop() {
		s := f.open()
		if _, err := s.List(0, 0); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLoadAll10000(b *testing.B) {
	f := newFixture(b)
	f.fill(fullStore)
	b.ReportAllocs()
	for b.Loop() {
		if active, _ := activeIn(f.open()); len(active) != fullStore {
			b.Fatal(len(active))
		}
	}
}

// A reload of a store with all files loaded reads them all.
func BenchmarkReload10000(b *testing.B) {
	f := newFixture(b)
	f.fill(fullStore)
	s := f.open()
	activeIn(s)
	b.ReportAllocs()
	for b.Loop() {
		reload(b, s)
	}
}

func BenchmarkStoreList(b *testing.B) {
	f := newFixture(b)
	f.fill(100)
	s := f.open()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.List(0, 42); err != nil {
			b.Fatal(err)
		}
	}
}

// A loaded list is found without allocation.
func TestListDoesNotAllocate(t *testing.T) {
	f := newFixture(t)
	f.fill(1)
	s := f.open()
	var err error
	if n := testing.AllocsPerRun(100, func() { _, err = s.List(0, 0) }); n != 0 && !raced || err != nil {
		t.Errorf("%v allocations, %v", n, err)
	}
	if _, err := s.List(1, 0); !errors.Is(err, ErrMissingPolicyFile) {
		t.Error(err)
	}
}
