package runtime

import (
	"testing"

	"ups/policy"
)

// A subscriber sees the files that List returns from then on, whether or not
// they are loaded, and may cancel.
func TestSubscribersSeeWhatHoldsNow(t *testing.T) {
	f := newFixture(t)
	f.write(f.rom, testName, compiled(t, 1))
	s := f.open()
	answers(t, s, 1)
	id := policy.Service{Server: testServer, Service: testService}
	var seen []uint16
	var cancel func()
	cancel = s.Subscribe(func(changes []Change, now *Snapshot) {
		active, _ := now.Active()
		seen = append(seen, active[id])
		if active[id] == 3 {
			cancel()
		}
	})
	for _, version := range []uint16{2, 2, 3, 4} {
		f.write(f.rom, testName, compiled(t, version))
		reload(t, s)
	}
	same(t, "versions", seen, []uint16{2, 3})
	if n := len(s.subscriptions.current()); n != 1 {
		t.Errorf("%d subscriptions are left, want the fixture's", n)
	}
}

func TestOutdated(t *testing.T) {
	f := newFixture(t)
	f.write(f.rom, testName, compiled(t, 1))
	s := f.open()
	check := func(when string, want ...bool) {
		t.Helper()
		same(t, when, []bool{s.Outdated(testServer, testService, 1), s.Outdated(testServer, testService, 2)}, want)
	}
	check("not loaded", false, false)
	answers(t, s, 1)
	check("loaded", false, true)
	f.write(f.rom, testName, nil)
	reload(t, s)
	check("bad", false, false)
	f.remove(f.rom, testName)
	reload(t, s)
	check("gone", true, true)
}
