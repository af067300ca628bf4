package serve

import (
	"net"
	"testing"
	"time"

	"ups/cmd/ups/serve/config"
)

// By default a server ends only if systemd starts it again for whoever comes.
func TestIdleTime(t *testing.T) {
	for name, tc := range map[string]struct {
		cfg    config.Config
		passed int // of two sockets
		want   time.Duration
	}{
		"all from systemd":              {passed: 2, want: config.DefaultIdle},
		"one from systemd":              {passed: 1, want: config.Never},
		"none from systemd":             {want: config.Never},
		"as configured":                 {cfg: config.Config{Idle: time.Minute}, want: time.Minute},
		"never, as configured":          {cfg: config.Config{Idle: config.Never}, passed: 2, want: config.Never},
		"with a panel":                  {cfg: config.Config{Panel: config.Panel{Listen: "[::1]:1"}}, passed: 2, want: config.Never},
		"with a panel and a given time": {cfg: config.Config{Idle: time.Minute, Panel: config.Panel{Listen: "[::1]:1"}}, passed: 2, want: time.Minute},
	} {
		if got := idleTime(&tc.cfg, &sockets{open: make([]net.Listener, 2), passed: tc.passed}); got != tc.want {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
}
