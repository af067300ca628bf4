// Package parallel works on many files at the same time, and shows how far that
// has come.
package parallel

import (
	"runtime/debug"

	"ups/cmd/ups/internal/console"

	"golang.org/x/sync/errgroup"
)

// Work is a number of files that a command works on side by side. While it
// lasts, a person who waits sees how far it has come.
type Work struct {
	*progress
	restore, hide func()
}

// Begin begins work on so many files.
func Begin(con *console.Console, files int) *Work {
	w := &Work{progress: newProgress(con.Stderr, files), restore: func() {}, hide: func() {}}
	if con.Getenv("GOGC") == "" {
		w.restore = tuneCollector(files)
	}
	if con.ShowsProgress() {
		w.hide = w.start()
	}
	return w
}

// Each calls do with the numbers of all files, at most n at the same time.
func (w *Work) Each(n int, do func(i int)) {
	Each(w.total, n, func(i int) {
		do(i)
		w.done.Add(1)
	})
}

// End takes the bar away.
func (w *Work) End() {
	w.hide()
	w.restore()
}

// Each calls do with the numbers below count, at most n at the same time.
func Each(count, n int, do func(i int)) {
	var g errgroup.Group
	g.SetLimit(n)
	for i := range count {
		g.Go(func() error {
			do(i)
			return nil
		})
	}
	g.Wait() // none returns an error
}

// tuneCollector makes garbage collections rare while many sources are compiled:
// each is small, and collections would take a quarter of the time. The limit is
// for sources that are large, or hostile.
func tuneCollector(jobs int) (restore func()) {
	limit := debug.SetMemoryLimit(128 << 20)
	percent := 100
	if jobs > 1 {
		percent = 400
	}
	percent = debug.SetGCPercent(percent)
	return func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	}
}
