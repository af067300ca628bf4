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
// identity for, so that who writes the configuration sees what to add. A process that
// may have an identity, by what isn't known of it, doesn't get a later one.
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
		switch r := &rules[n]; r.matches(&p, found) {
		case matches:
			return r.Identity.Identity, nil
		case unknown:
			return server.Identity{}, notKnown(&r.Match, p.Unix)
		}
	}
	return server.Identity{}, stranger(p)
}

// fit is whether conditions hold.
type fit uint8

const (
	fails fit = iota
	unknown
	matches
)

func fitIf(holds bool) fit {
	if holds {
		return matches
	}
	return fails
}

// matches says whether a rule is for a peer, with what is found of its certificate.
func (r *rule) matches(p *server.Peer, found *verdict) fit {
	m := &r.Match
	switch {
	case p.Certificate != nil:
		return fitIf(m.Certificate != nil && isCertificate(m.Certificate, p.Certificate, found) && (r.issuers == nil || r.issuers.meet(found.issuers)))
	case p.Unix != nil && m.Certificate == nil:
		return isProcess(m, p.Unix)
	}
	return fails
}

// isProcess says whether all conditions hold: one that fails counts more than one that
// isn't known.
func isProcess(m *config.Match, p *server.UnixPeer) fit {
	return min(
		fitIf(m.UID != nil || m.GID != nil), // the configuration has none else
		fitIf(m.UID == nil || *m.UID == p.UID),
		fitIf(m.GID == nil || *m.GID == p.GID),
		isText(m.Executable, p.Executable, false),
		isText(m.Unit, p.Unit, p.NoUnit),
	)
}

// isText compares what a peer has with what it must have, which may be anything, where
// "" isn't known unless the peer has none.
func isText(must, has string, none bool) fit {
	if must != "" && has == "" && !none {
		return unknown
	}
	return fitIf(must == "" || must == has)
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

// notKnown says why a process that may have an identity is refused.
func notKnown(m *config.Match, p *server.UnixPeer) error {
	what := "executable"
	if isText(m.Executable, p.Executable, false) != unknown {
		what = "unit"
	}
	return fmt.Errorf("it depends on the %s of uid %d, gid %d which identity it has, and that can't be read: "+
		"the process that connected has ended, its file was replaced, or it is another user's", what, p.UID, p.GID)
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
