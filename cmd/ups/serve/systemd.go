package serve

import (
	"errors"
	"log/slog"
	"net"
	"path/filepath"
	"time"

	"github.com/coreos/go-systemd/v22/activation"
	"github.com/coreos/go-systemd/v22/daemon"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/serve/config"
)

// passedSocket is a socket that systemd holds and has passed.
type passedSocket struct {
	net.Listener
	name string
}

// passedSockets takes the sockets that systemd has passed to this process.
func passedSockets() (all []passedSocket, err error) {
	for _, f := range activation.Files(true) {
		l, failed := net.FileListener(f)
		if failed != nil {
			err = errors.Join(err, console.UsageError("only sockets of ListenStream= can be used", "systemd has passed %s, which is no socket to listen on: %v", f.Name(), failed))
		} else {
			all = append(all, passedSocket{l, f.Name()})
		}
		f.Close()
	}
	if err != nil {
		return nil, errors.Join(err, closePassed(all))
	}
	return all, nil
}

func closePassed(all []passedSocket) error {
	var errs []error
	for _, p := range all {
		errs = append(errs, p.Close())
	}
	return errors.Join(errs...)
}

// is reports whether a socket is the one of a listener: by the name that the
// configuration gives it, or else by its address.
func (p passedSocket) is(l config.Listener) bool {
	if (p.Addr().Network() == "unix") != (l.Unix != "") {
		return false
	}
	if l.Name != "" {
		return p.name == l.Name
	}
	if l.TCP != "" {
		return p.Addr().String() == l.TCP
	}
	path, err := filepath.Abs(l.Unix)
	return err == nil && p.Addr().String() == path
}

// manager is systemd, which the server tells what it does. Without systemd nobody
// is told.
type manager struct{ log *slog.Logger }

func (m manager) tell(state string) {
	if _, err := daemon.SdNotify(false, state); err != nil {
		m.log.Warn("systemd could not be told", "state", state, "error", err)
	}
}

func (m manager) ready()    { m.tell(daemon.SdNotifyReady) }
func (m manager) stopping() { m.tell(daemon.SdNotifyStopping) }
func (m manager) alive()    { m.tell(daemon.SdNotifyWatchdog) }

// reloading is to be followed by ready. systemd asks for the time since 253.
func (m manager) reloading() {
	m.tell(daemon.SdNotifyMonotonicUsec() + daemon.SdNotifyReloading)
}

// watchdog returns how often systemd wants to be told that the server is alive: half
// of the time after which it is taken for stuck. It is 0 if it needn't be told.
func (m manager) watchdog() time.Duration {
	interval, err := daemon.SdWatchdogEnabled(false)
	if err != nil {
		m.log.Warn("the watchdog of systemd is not used", "error", err)
		return 0
	}
	return interval / 2
}
