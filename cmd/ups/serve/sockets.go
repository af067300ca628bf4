package serve

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"syscall"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/serve/config"
)

// sockets are what the server listens on.
type sockets struct {
	metered      func(net.Listener) net.Listener // server.Server.Listener
	open         []net.Listener
	certificates []*certificates
	paths        []*socketFile // that the server made
	passed       int           // how many came from systemd
}

// listen opens the sockets of the configuration: those that systemd has passed, and
// makes the others. If one can't be opened, none is. All are metered.
func listen(of []config.Listener, passed []passedSocket, metered func(net.Listener) net.Listener) (*sockets, error) {
	s := &sockets{metered: metered}
	for _, l := range of {
		i := slices.IndexFunc(passed, func(p passedSocket) bool { return p.is(l) })
		var err error
		if i >= 0 {
			err = s.add(l, passed[i].Listener)
			passed = slices.Delete(passed, i, i+1)
			s.passed++
		} else {
			err = s.bind(l)
		}
		if err != nil {
			return nil, errors.Join(err, s.close(), closePassed(passed))
		}
	}
	if len(passed) > 0 {
		err := console.UsageError("add a listener with its address, or with its name, which is "+passed[0].name,
			"systemd has passed the socket %s, which the configuration doesn't listen on", passed[0].Addr())
		return nil, errors.Join(err, s.close(), closePassed(passed))
	}
	return s, nil
}

// bind makes a socket.
func (s *sockets) bind(l config.Listener) error {
	if l.TCP != "" {
		n, err := net.Listen("tcp", l.TCP)
		if err != nil {
			return at(l, err)
		}
		return s.add(l, n)
	}
	n, file, err := bindUnix(l)
	if err != nil {
		return at(l, err)
	}
	s.paths = append(s.paths, file)
	return s.add(l, n)
}

// add takes a socket that is open. Nothing listens on TCP without TLS.
func (s *sockets) add(l config.Listener, n net.Listener) error {
	if n.Addr().Network() == "unix" {
		s.open = append(s.open, s.metered(n))
		return nil
	}
	certs, err := newCertificates(l.TLS)
	if err != nil {
		return errors.Join(err, n.Close())
	}
	s.certificates = append(s.certificates, certs)
	s.open = append(s.open, tls.NewListener(s.metered(&verifiedListener{n, certs}), certs.config()))
	return nil
}

// reload reads the certificates again.
func (s *sockets) reload() error {
	var errs []error
	for _, c := range s.certificates {
		errs = append(errs, c.load())
	}
	return errors.Join(errs...)
}

// close closes the sockets, and removes the files of those that the server made.
func (s *sockets) close() error {
	var errs []error
	for _, n := range s.open {
		if err := n.Close(); !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	for _, f := range s.paths {
		errs = append(errs, f.remove())
	}
	return errors.Join(errs...)
}

// at says which listener of the configuration an error is about.
func at(l config.Listener, err error) error {
	hint := ""
	switch {
	case errors.Is(err, errNoSocket):
		hint = socketHint
	case errors.Is(err, errListened):
		hint = listenedHint
	case errors.Is(err, syscall.EADDRINUSE):
		hint = portHint
	}
	return console.Hint(fmt.Errorf("%s: listen on %s%s: %w", l.Pos, l.Unix, l.TCP, err), hint)
}
