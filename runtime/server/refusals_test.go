package server

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Of many refusals in a second some are logged, and of the others how many there were.
func TestRefusals(t *testing.T) {
	var r refusals
	begin := time.Unix(1000, 0)
	logged := 0
	for range 100 {
		log, left := r.count(begin)
		if log {
			logged++
		}
		if left != 0 {
			t.Errorf("%d left", left)
		}
	}
	if logged != refusalsLogged {
		t.Errorf("%d are logged", logged)
	}
	for _, want := range []int{100 - refusalsLogged, 0} {
		if log, left := r.count(begin.Add(time.Second)); !log || left != want {
			t.Errorf("%v, %d left, want %d", log, left, want)
		}
	}
	if log, left := r.count(begin.Add(2 * time.Second)); !log || left != 0 {
		t.Errorf("after few: %v, %d left", log, left)
	}
}

// What a caller says is logged in part.
func TestLogRefused(t *testing.T) {
	var log bytes.Buffer
	s := &Server{opt: Options{Log: slog.New(slog.NewTextHandler(&log, nil))}}
	for range 1000 {
		s.logRefused(t.Context(), "/"+strings.Repeat("x", 1000), errors.New("unknown"))
	}
	if n := log.Len(); n > 3*refusalsLogged*300 {
		t.Errorf("%d bytes of log", n)
	}
	if !strings.Contains(log.String(), "procedure=/xxx") {
		t.Error(log.String())
	}
}

// How many refusals weren't logged is, with the next one.
func TestLogOfManyRefusals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		s := &Server{opt: Options{Log: slog.New(slog.NewTextHandler(&log, nil))}}
		for range refusalsLogged + 7 {
			s.logRefused(t.Context(), "/x", errors.New("unknown"))
		}
		for _, want := range []string{"calls=7\n", ""} {
			time.Sleep(time.Second)
			log.Reset()
			s.logRefused(t.Context(), "/x", errors.New("unknown"))
			if text := log.String(); strings.Contains(text, "more calls refused") != (want != "") || !strings.Contains(text, want) || !strings.Contains(text, "error=unknown") {
				t.Errorf("%s, want %q", text, want)
			}
		}
	})
}
