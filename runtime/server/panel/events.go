package panel

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// eventStream is the type of server-sent events (HTML standard, 9.2).
const eventStream = "text/event-stream"

const (
	streamsMax  = 64               // at a time
	streamAlive = 15 * time.Second // how often a stream that is silent says that it lives
	streamWrite = 10 * time.Second // how long a browser may take for what is sent
	streamRest  = 100 * time.Millisecond
)

// streams are the browsers that follow the prompts.
type streams struct {
	mu     sync.Mutex
	open   int
	closed bool
	end    chan struct{}
}

// enter reports whether there may be one more.
func (s *streams) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.open >= streamsMax {
		return false
	}
	s.open++
	return true
}

func (s *streams) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open--
}

func (s *streams) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.closed = true
		close(s.end)
	}
}

// streamEvents sends the prompts when they change, as the HTML that stands in the
// page, for as long as the login lasts. To follow them is to use it.
func (p *Panel) streamEvents(w http.ResponseWriter, r *http.Request) {
	if !p.streams.enter() {
		http.Error(w, "too many pages are open", http.StatusServiceUnavailable)
		return
	}
	defer p.streams.leave()
	w.Header().Set("Content-Type", eventStream)
	changes, stop := p.prompts.watch()
	defer stop()
	alive := time.NewTicker(streamAlive)
	defer alive.Stop()
	for l := loginOf(r); p.logins.follows(l); {
		if err := p.sendPrompts(w, l); err != nil {
			return
		}
		select {
		case <-changes:
			time.Sleep(streamRest) // so that many changes are one event
		case <-alive.C:
		case <-p.streams.end:
			return
		case <-r.Context().Done():
			return
		}
	}
}

// sendPrompts sends an event, which shows as well that the stream lives.
func (p *Panel) sendPrompts(w http.ResponseWriter, l *login) error {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, "waiting", p.promptsView(l)); err != nil {
		return err
	}
	c := http.NewResponseController(w)
	if err := c.SetWriteDeadline(time.Now().Add(streamWrite)); err != nil {
		return err
	}
	if err := writeEvent(w, "prompts", b.String()); err != nil {
		return err
	}
	return c.Flush()
}

// writeEvent writes an event; each line of its text is a field of its own.
func writeEvent(w io.Writer, name, text string) error {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	_, err := fmt.Fprintf(w, "event: %s\ndata: %s\n\n", name, strings.ReplaceAll(text, "\n", "\ndata: "))
	return err
}
