package serve

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"sync/atomic"
	"time"

	"ups/cmd/ups/serve/config"
	"ups/runtime/server"
)

// identifier says who a peer is: the first identity of the configuration that
// matches it. The identities are replaced when the configuration is read again.
type identifier struct {
	identities atomic.Pointer[[]config.Identity]
}

func newIdentifier(ids []config.Identity) *identifier {
	i := &identifier{}
	i.set(ids)
	return i
}

func (i *identifier) set(ids []config.Identity) { i.identities.Store(&ids) }

// Identify is server.Identifier. The error says what of the peer there is no
// identity for, so that who writes the configuration sees what to add.
func (i *identifier) Identify(p server.Peer) (server.Identity, error) {
	if p.Certificate != nil {
		if err := stillVerified(&p, time.Now()); err != nil {
			return server.Identity{}, err
		}
	}
	for _, id := range *i.identities.Load() {
		if matches(&id.Match, p) {
			return id.Identity, nil
		}
	}
	return server.Identity{}, stranger(p)
}

func matches(m *config.Match, p server.Peer) bool {
	switch {
	case p.Certificate != nil:
		return m.Certificate != nil && isCertificate(m.Certificate, p.Certificate)
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

func isCertificate(m *config.Certificate, c *x509.Certificate) bool {
	return *m != (config.Certificate{}) &&
		(m.Subject == "" || m.Subject == c.Subject.String()) &&
		(m.DNS == "" || slices.Contains(c.DNSNames, m.DNS)) &&
		(m.URI == "" || slices.ContainsFunc(c.URIs, func(u *url.URL) bool { return u.String() == m.URI })) &&
		(m.Fingerprint == "" || m.Fingerprint == fingerprint(c))
}

func fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:])
}

func stranger(p server.Peer) error {
	switch {
	case p.Certificate != nil:
		return fmt.Errorf("no identity is for the certificate %q, SHA-256 %s", p.Certificate.Subject.String(), fingerprint(p.Certificate))
	case p.Unix != nil:
		u := p.Unix
		return fmt.Errorf("no identity is for uid %d, gid %d, executable %q, unit %q", u.UID, u.GID, u.Executable, u.Unit)
	}
	return errors.New("no identity is for a caller that the system says nothing of")
}
