package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func TestMedianAndPart(t *testing.T) {
	if got := median([]float64{4, 1, 3, 10}); got != 3.5 {
		t.Errorf("the median of four is %v", got)
	}
	if got := median([]float64{4, 1, 10}); got != 4 {
		t.Errorf("the median of three is %v", got)
	}
	var of []time.Duration
	for i := range 101 {
		of = append(of, time.Duration(100-i))
	}
	if p50, p99 := part(of, 50), part(of, 99); p50 != 50 || p99 != 99 {
		t.Errorf("p50 is %d, p99 %d", p50, p99)
	}
}

// echo is a server that answers with what it was sent, and refuses "no".
func echo(t *testing.T) *server {
	t.Helper()
	l, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	if err != nil {
		t.Fatal(err)
	}
	h := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		if err != nil || string(b) == "no" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		fmt.Fprintf(w, "%s %s", r.URL.Path, b)
	})}
	go h.Serve(l)
	t.Cleanup(func() { h.Close() })
	return &server{socket: l.Addr().String()}
}

func TestWire(t *testing.T) {
	var got []string
	w := newWire(echo(t), [][]byte{post("/a", "text/plain", []byte("first")), post("/b", "text/plain", nil), post("/c", "text/plain", []byte("no"))},
		func(b []byte) (int, error) { got = append(got, string(b)); return len(b), nil })
	for _, i := range []int{0, 1, 0} {
		err := w.ask(i)
		if n, decoding := w.decided(); n == 0 || err != nil || decoding != nil {
			t.Errorf("request %d: %v, %v", i, err, decoding)
		}
	}
	if want := []string{"/a first", "/b ", "/a first"}; !slices.Equal(got, want) {
		t.Errorf("the answers are %q, want %q", got, want)
	}
	if err := w.ask(2); err == nil {
		t.Error("a refusal is no error")
	}
}

// scripted decides by a list.
type scripted struct {
	decides []int
	last    int
}

func (s *scripted) ask(i int) error {
	if i >= len(s.decides) {
		return errors.New("no such request")
	}
	s.last = s.decides[i]
	return nil
}

func (s *scripted) decided() (int, error) { return s.last, nil }

func (s *scripted) open(*server, []request, int) ([]conversation, error) {
	return []conversation{s}, nil
}

// A server that answers otherwise is not measured.
func TestWrongAnswerIsAnError(t *testing.T) {
	list := []request{{Policy: 3}, {Policy: 0}}
	for _, test := range []struct {
		decides []int
		ok      bool
	}{{[]int{3, 0}, true}, {[]int{3, 1}, false}, {[]int{3}, false}} {
		w := &way{open: (&scripted{decides: test.decides}).open}
		if err := w.begin(list, 1); (err == nil) != test.ok {
			t.Errorf("%v: %v", test.decides, err)
		}
	}
}
