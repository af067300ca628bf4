package parallel

import (
	"strings"
	"testing"
	"time"
)

// drawings is a terminal that says how often it was written to.
type drawings struct {
	strings.Builder
	drawn chan struct{}
}

func (d *drawings) Write(b []byte) (int, error) {
	select {
	case d.drawn <- struct{}{}:
	default: // nobody counts any more
	}
	return d.Builder.Write(b)
}

func (d *drawings) WriteString(s string) (int, error) { return d.Write([]byte(s)) }

// TestProgress shows that the bar waits, is drawn over itself and goes away.
func TestProgress(t *testing.T) {
	out := &drawings{drawn: make(chan struct{})}
	p := &progress{w: out, total: 4, delay: time.Hour, pace: time.Millisecond}
	p.start()()
	if out.Len() > 0 {
		t.Errorf("drawn before its time: %q", out.String())
	}
	p.delay = 0
	p.done.Store(3)
	stop := p.start()
	<-out.drawn
	<-out.drawn
	stop()
	bar := "\r[" + strings.Repeat("=", 30) + strings.Repeat(" ", 10) + "] 3 of 4\x1b[K"
	if got := out.String(); !strings.HasPrefix(got, bar) || !strings.HasSuffix(got, bar+"\r\x1b[K") {
		t.Errorf("got %q", got)
	}
}
