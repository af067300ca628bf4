package parallel

import (
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"time"
)

const (
	progressDelay = time.Second            // work that is done by then needs no bar
	progressPace  = 100 * time.Millisecond // from one drawing to the next
	progressWidth = 40                     // columns of the bar
)

// progress shows how far work has come. It alone writes to the terminal while
// it is shown, and leaves nothing behind.
type progress struct {
	w           io.Writer
	total       int
	delay, pace time.Duration
	done        atomic.Int64
}

func newProgress(w io.Writer, total int) *progress {
	return &progress{w: w, total: total, delay: progressDelay, pace: progressPace}
}

// start shows the bar once the delay is over, until stop is called.
func (p *progress) start() (stop func()) {
	quit, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		p.show(quit)
	}()
	return func() {
		close(quit)
		<-gone
	}
}

func (p *progress) show(quit <-chan struct{}) {
	timer := time.NewTimer(p.delay)
	defer timer.Stop()
	for drawn := false; ; drawn = true {
		select {
		case <-timer.C:
			io.WriteString(p.w, p.bar())
			timer.Reset(p.pace)
		case <-quit:
			if drawn {
				io.WriteString(p.w, "\r\x1b[K")
			}
			return
		}
	}
}

// bar draws the bar over the one before.
func (p *progress) bar() string {
	done := int(p.done.Load())
	full := progressWidth * done / max(p.total, 1)
	return fmt.Sprintf("\r[%s%s] %d of %d\x1b[K",
		strings.Repeat("=", full), strings.Repeat(" ", progressWidth-full), done, p.total)
}
