package serve

import (
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// Whoever keeps connections open takes no more than some, and the others come back
// when they end.
func TestConnections(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	c := &connections{most: 5}
	s.Config.ConnState = c.changed
	s.Start()
	defer s.Close()
	var held []net.Conn
	for range 5 {
		conn, err := net.Dial("tcp", s.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		held = append(held, conn)
	}
	ask := func() (int, error) {
		c := http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
		r, err := c.Get(s.URL)
		if err != nil {
			return 0, err
		}
		r.Body.Close()
		return r.StatusCode, nil
	}
	for end := time.Now().Add(time.Minute); c.open.Load() < 5 && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	if status, err := ask(); err == nil {
		t.Errorf("one too many got %d", status)
	}
	for _, conn := range held {
		conn.Close()
	}
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		status, err := ask()
		if status == http.StatusOK {
			return
		}
		if time.Now().After(end) {
			t.Fatal(status, err)
		}
	}
}
