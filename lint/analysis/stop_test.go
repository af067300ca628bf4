package analysis_test

import (
	"testing"
	"time"

	"ups/lint/analysis"
	"ups/policy"
)

// TestStop ends analyses before they begin and while they run: what they took is
// a part of the whole, and what they didn't prove is left undecided.
func TestStop(t *testing.T) {
	f := longest(t, hard)
	begun := time.Now()
	analysis.Analyse(f, analysis.Options{})
	whole := time.Since(begun)
	for _, after := range []time.Duration{0, whole / 20} {
		took := whole
		for range 3 { // a machine that does other things may be slow once
			took = min(took, stopped(t, f, after))
		}
		if took > whole/2 {
			t.Errorf("stopped after %v, the analysis took %v of %v", after, took, whole)
		}
	}
}

// stopped returns how long an analysis takes that is stopped after a time.
func stopped(t *testing.T, f *policy.File, after time.Duration) time.Duration {
	t.Helper()
	stop := make(chan struct{})
	if after == 0 {
		close(stop)
	} else {
		time.AfterFunc(after, func() { close(stop) })
	}
	begun := time.Now()
	r := analysis.Analyse(f, analysis.Options{Stop: stop})
	if n := undecided(r); n < len(f.Policies)/2 {
		t.Errorf("stopped after %v, only %d of %d policies are undecided", after, n, len(f.Policies))
	}
	return time.Since(begun)
}
