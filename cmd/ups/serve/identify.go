package serve

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"ups/cmd/ups/serve/config"
	"ups/runtime/server"
)

// identifier says who a peer is: the first identity of the configuration that
// matches it. The identities are replaced when the configuration is read again.
type identifier struct {
	rules atomic.Pointer[[]rule]
}

// rule is an identity, and the authorities in the file that it names; nil for any.
type rule struct {
	config.Identity
	issuers issuers
}

// set replaces the identities. If a file of theirs can't be used, those before stay.
func (i *identifier) set(ids []config.Identity) error {
	rules, errs := make([]rule, len(ids)), []error(nil)
	for n, id := range ids {
		rules[n].Identity = id
		if c := id.Match.Certificate; c != nil && c.Authority.Path != "" {
			var err error
			rules[n].issuers, err = issuersIn(c.Authority)
			errs = append(errs, err)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	i.rules.Store(&rules)
	return nil
}

// Identify is server.Identifier. The error says what of the peer there is no
// identity for, so that who writes the configuration sees what to add.
func (i *identifier) Identify(p server.Peer) (server.Identity, error) {
	var found *verdict
	if p.Certificate != nil {
		var err error
		if found, err = stillVerified(&p, time.Now()); err != nil {
			return server.Identity{}, err
		}
	}
	rules := *i.rules.Load()
	for n := range rules {
		if r := &rules[n]; r.matches(&p, found) {
			return r.Identity.Identity, nil
		}
	}
	return server.Identity{}, stranger(p)
}

// matches reports whether a rule is for a peer, with what is found of its certificate.
func (r *rule) matches(p *server.Peer, found *verdict) bool {
	m := &r.Match
	switch {
	case p.Certificate != nil:
		return m.Certificate != nil && isCertificate(m.Certificate, p.Certificate, found) && (r.issuers == nil || r.issuers.meet(found.issuers))
	case p.Unix != nil:
		return m.Certificate == nil && isProcess(m, p.Unix)
	}
	return false
}

func isProcess(m *config.Match, p *server.UnixPeer) bool {
	if m.UID == nil && m.GID == nil {
		return false // the configuration has none like this
	}
	return (m.UID == nil || *m.UID == p.UID) &&
		(m.GID == nil || *m.GID == p.GID) &&
		(m.Executable == "" || m.Executable == p.Executable) &&
		(m.Unit == "" || m.Unit == p.Unit)
}

func isCertificate(m *config.Certificate, c *x509.Certificate, found *verdict) bool {
	return *m != (config.Certificate{}) &&
		(m.Subject == "" || m.Subject == found.subject) &&
		(m.DNS == "" || slices.Contains(c.DNSNames, m.DNS)) &&
		(m.URI == "" || slices.Contains(found.uris, m.URI)) &&
		(m.Fingerprint == "" || m.Fingerprint == found.fingerprint)
}

func fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:])
}

func stranger(p server.Peer) error {
	switch {
	case p.Certificate != nil:
		c := p.Certificate
		return fmt.Errorf("no identity is for the certificate %q by %q, SHA-256 %s", c.Subject.String(), c.Issuer.String(), fingerprint(c))
	case p.Unix != nil:
		u := p.Unix
		return fmt.Errorf("no identity is for uid %d, gid %d, executable %q, unit %q", u.UID, u.GID, u.Executable, u.Unit)
	}
	return errors.New("no identity is for a caller that the system says nothing of")
}
