package analysis_test

import (
	"math"
	"testing"
	"time"

	"ups/lint/analysis"
	"ups/policy"
)

// TestStop ends analyses before they begin and while they run: what they took is
// a part of the whole, and what they didn't prove is left undecided.
func TestStop(t *testing.T) {
	f := longest(t, hard)
	whole := time.Duration(math.MaxInt64)
	for range 2 { // a machine that does other things may be slow once
		begun := time.Now()
		analysis.Analyse(f, analysis.Options{})
		whole = min(whole, time.Since(begun))
	}
	for _, after := range []time.Duration{0, whole / 20} {
		var took time.Duration
		var n int
		for range 5 {
			took, n = stopped(f, after)
			if took <= whole/2 && n >= len(f.Policies)/2 {
				break
			}
		}
		if took > whole/2 || n < len(f.Policies)/2 {
			t.Errorf("stopped after %v, the analysis took %v of %v, and only %d of %d policies are undecided", after, took, whole, n, len(f.Policies))
		}
	}
}

// stopped returns how long an analysis takes that is stopped after a time, and of how
// many policies it leaves open what they do.
func stopped(f *policy.File, after time.Duration) (time.Duration, int) {
	stop := make(chan struct{})
	if after == 0 {
		close(stop)
	} else {
		time.AfterFunc(after, func() { close(stop) })
	}
	begun := time.Now()
	r := analysis.Analyse(f, analysis.Options{Stop: stop})
	return time.Since(begun), undecided(r)
}
