package runtime

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// returns fails if f doesn't return. What hangs in a mutex doesn't end a
// synctest bubble.
func returns(t *testing.T, what string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatalf("%s hangs", what)
	}
}

// Report may ask the store, and reload it, whatever the store is
// doing when it reports.
func TestCallbacksMayUseTheStore(t *testing.T) {
	for what, use := range map[string]func(*Store){
		"List":          func(s *Store) { s.List(testServer, testService) },
		"Find":          func(s *Store) { s.Find(testServer, testService) },
		"Config":        func(s *Store) { configOf(s, testServer) },
		"ServiceConfig": func(s *Store) { s.ServiceConfig(testServer, testService) },
		"Active":        func(s *Store) { activeIn(s) },
	} {
		f := newFixture(t)
		f.write(f.rom, testName, []byte("corrupt"))
		s := f.open()
		var reported []string
		note := func(what string) {
			reported = append(reported, what)
			s.List(testServer, testService)
			s.Find(testServer, testService)
			configOf(s, testServer)
			activeIn(s)
			s.Reload()
		}
		s.reporter.report = func(p Problem) { note(p.Level.String()) }
		returns(t, what, func() { use(s) })
		returns(t, what+" of a loaded file", func() {
			f.write(f.system, testName, []byte("corrupt"))
			reload(t, s)
			f.write(f.rom, testName, compiled(t, 1))
			reload(t, s)
		})
		same(t, what, reported, []string{"ERROR", "WARN"})
	}
}

// Each waits neither for the others nor for what they call, and nothing is
// reported out of order, or twice, or not at all.
func TestCallbacksAreMadeInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c callbacks
		var reported []int
		call := func(n int) func() {
			return func() {
				if len(reported) == 0 {
					time.Sleep(time.Minute)
				}
				reported = append(reported, n)
				if n < 10 {
					c.add(func() { reported = append(reported, 100+n) })
					c.run() // comes back
				}
			}
		}
		c.add(call(1))
		go c.run()
		synctest.Wait()
		start := time.Now()
		c.add(call(2))
		c.run()
		c.add(call(30))
		c.run()
		if time.Since(start) != 0 {
			t.Error("it waited for another's call")
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if want := []int{1, 2, 30, 101, 102}; !slices.Equal(reported, want) {
			t.Errorf("reported %v, want %v", reported, want)
		}
	})
}

// A Report that panics fails its caller only, and no later call.
func TestCallbackThatPanics(t *testing.T) {
	var c callbacks
	reported := ""
	c.add(func() { panic("Report") })
	c.add(func() { reported = "the next" })
	func() {
		defer func() {
			if r := recover(); fmt.Sprint(r) != "Report" {
				t.Errorf("recovered %v", r)
			}
		}()
		c.run()
	}()
	returns(t, "run", c.run)
	if reported != "the next" {
		t.Error("what was due was lost")
	}
}
