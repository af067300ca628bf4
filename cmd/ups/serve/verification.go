package serve

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"ups/runtime/server"
	"ups/runtime/server/peer"
)

// verifiedListener is a socket below TLS, of which each connection keeps whether its
// certificate is of an authority that the socket has now.
type verifiedListener struct {
	net.Listener
	of *certificates
}

func (l *verifiedListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &verifiedConn{c, verification{of: l.of}}, nil
}

type verifiedConn struct {
	net.Conn
	verification verification
}

// peerOf is server.Options.Peer.
func peerOf(c net.Conn) server.Peer {
	p := peer.Of(c)
	if v, ok := c.(*verifiedConn); ok {
		p.Note = &v.verification
	}
	return p
}

// verification is what was found of the certificate of a connection. TLS verifies one
// when the connection begins; the authorities may be others in a later call.
type verification struct {
	of      *certificates
	current atomic.Pointer[verdict]
	mu      sync.Mutex // of who verifies
}

// verdict is what verification by some authorities has found.
type verdict struct {
	by  *x509.CertPool
	err error
	// Without err:
	until                time.Time // when a certificate of the chain ends
	issuers              issuers   // who vouches for the certificate
	subject, fingerprint string
	uris                 []string
}

func (d *verdict) holds(by *x509.CertPool, now time.Time) bool {
	return d != nil && d.by == by && (d.err != nil || !now.After(d.until))
}

// verdictOf returns what is found of the certificate of the connection, which takes
// long only once for the authorities that there are.
func (v *verification) verdictOf(p *server.Peer, now time.Time) *verdict {
	by := v.of.authorities()
	if d := v.current.Load(); d.holds(by, now) {
		return d
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if d := v.current.Load(); d.holds(by, now) {
		return d
	}
	d := verify(p, by, now)
	v.current.Store(d)
	return d
}

// verify looks for chains from a certificate to authorities, as TLS does.
func verify(p *server.Peer, by *x509.CertPool, now time.Time) *verdict {
	opt := x509.VerifyOptions{
		Roots: by, Intermediates: x509.NewCertPool(), CurrentTime: now,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	for _, c := range p.Intermediates {
		opt.Intermediates.AddCert(c)
	}
	chains, err := p.Certificate.Verify(opt)
	if err != nil {
		return &verdict{by: by, err: fmt.Errorf("the certificate %q is of no authority that the listener has: %w", p.Certificate.Subject.String(), err)}
	}
	c := p.Certificate
	d := &verdict{by: by, issuers: issuersOf(chains), subject: c.Subject.String(), fingerprint: fingerprint(c)}
	for _, u := range c.URIs {
		d.uris = append(d.uris, u.String())
	}
	for _, chain := range chains {
		if end := endOf(chain); end.After(d.until) {
			d.until = end
		}
	}
	return d
}

// endOf returns until when a chain is valid.
func endOf(chain []*x509.Certificate) time.Time {
	end := chain[0].NotAfter
	for _, c := range chain {
		if c.NotAfter.Before(end) {
			end = c.NotAfter
		}
	}
	return end
}

// stillVerified returns what is found of the certificate of a peer, or what is wrong
// with it now.
func stillVerified(p *server.Peer, now time.Time) (*verdict, error) {
	if end := p.Certificate.NotAfter; now.After(end) {
		return nil, fmt.Errorf("the certificate %q was valid until %s", p.Certificate.Subject.String(), end.UTC().Format(time.RFC3339))
	}
	v, ok := p.Note.(*verification)
	if !ok {
		return nil, errors.New("the certificate came by no listener of the configuration")
	}
	d := v.verdictOf(p, now)
	return d, d.err
}
