package serve

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ups/cmd/ups/serve/config"
	"ups/internal/certtest"
	"ups/runtime/client"
	"ups/runtime/server"
)

// holding are the certificates of a listener that has these authorities.
func holding(t *testing.T, authorities ...*certtest.Authority) *certificates {
	t.Helper()
	c := &certificates{}
	hold(c, authorities...)
	return c
}

// hold replaces the authorities.
func hold(c *certificates, authorities ...*certtest.Authority) {
	pool := x509.NewCertPool()
	for _, a := range authorities {
		pool.AppendCertsFromPEM(a.PEM())
	}
	c.current.Store(&tls.Config{ClientCAs: pool})
}

// connected is who has a certificate, and came by a listener.
func connected(t *testing.T, by *certificates, c tls.Certificate) server.Peer {
	t.Helper()
	var all []*x509.Certificate
	for _, der := range c.Certificate {
		parsed, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, parsed)
	}
	return server.Peer{Certificate: all[0], Intermediates: all[1:], Note: &verification{of: by}}
}

// anybody has an identity for who is called "a".
func anybody(t *testing.T) *identifier {
	t.Helper()
	return knowing(t, config.Identity{Identity: server.Identity{Name: "a"}, Match: certified("CN=a", "", "", "")})
}

// Who has a certificate of an authority that the listener had when the connection began,
// and doesn't have now, is refused; and who has one of an authority that is still there,
// or was renewed, is not.
func TestAuthoritiesChange(t *testing.T) {
	old, other := certtest.NewAuthority(t), certtest.NewAuthority(t)
	below := old.Intermediate()
	for name, c := range map[string]struct {
		of   *certtest.Authority // whose certificate the caller has
		now  []*certtest.Authority
		want bool
	}{
		"the same":                       {old, []*certtest.Authority{old}, true},
		"another beside it":              {old, []*certtest.Authority{other, old}, true},
		"another":                        {old, []*certtest.Authority{other}, false},
		"none":                           {old, nil, false},
		"a renewed certificate":          {old, []*certtest.Authority{old.Renewed()}, true},
		"below one that stays":           {below, []*certtest.Authority{old}, true},
		"below another":                  {below, []*certtest.Authority{other}, false},
		"the one below alone":            {below, []*certtest.Authority{below}, true},
		"the one below, of who is above": {old, []*certtest.Authority{below}, false},
	} {
		listener := holding(t, old)
		who := connected(t, listener, c.of.Issue("a", func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }))
		i := anybody(t)
		if _, err := i.Identify(who); err != nil {
			t.Errorf("%s: before: %v", name, err)
		}
		hold(listener, c.now...)
		_, err := i.Identify(who)
		if (err == nil) != c.want || err != nil && !strings.Contains(err.Error(), `"CN=a" is of no authority that the listener has`) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A certificate is verified for the listener that its connection came by, and no other.
func TestAuthoritiesOfAnotherListener(t *testing.T) {
	one, other := certtest.NewAuthority(t), certtest.NewAuthority(t)
	if _, err := anybody(t).Identify(connected(t, holding(t, one), other.Issue("a"))); err == nil {
		t.Error("it is taken")
	}
	if _, err := anybody(t).Identify(connected(t, holding(t, one, other), other.Issue("a"))); err != nil {
		t.Error(err)
	}
}

// A connection outlives its certificate, and those above it; what they were good for
// doesn't.
func TestCertificateThatEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := func(d time.Duration) func(*x509.Certificate) {
			end := time.Now().Add(d)
			return func(c *x509.Certificate) { c.NotAfter = end }
		}
		authority := certtest.NewAuthority(t)
		listener, i := holding(t, authority), anybody(t)
		below := authority.Intermediate(in(20 * time.Minute))
		certificate := connected(t, listener, authority.Issue("a", in(10*time.Minute)))
		intermediate := connected(t, listener, below.Issue("a"))
		_, err := i.Identify(certificate)
		_, err2 := i.Identify(intermediate)
		if err != nil || err2 != nil {
			t.Error(err, err2)
		}
		time.Sleep(11 * time.Minute)
		if id, err := i.Identify(certificate); err == nil || !strings.Contains(err.Error(), "was valid until") {
			t.Errorf("%+v, %v", id, err)
		}
		if _, err := i.Identify(intermediate); err != nil {
			t.Error(err)
		}
		time.Sleep(10 * time.Minute)
		if id, err := i.Identify(intermediate); err == nil || !strings.Contains(err.Error(), "has expired") {
			t.Errorf("%+v, %v", id, err)
		}
	})
}

// A certificate is verified once for the authorities that there are, whether it is taken
// or not; and reading the same ones again doesn't change that.
func TestVerifiedOnce(t *testing.T) {
	authority := certtest.NewAuthority(t)
	s := &tlsServer{t: t, authority: authority}
	listener, err := newCertificates(s.listener().TLS)
	if err != nil {
		t.Fatal(err)
	}
	for name, of := range map[string]*certtest.Authority{"taken": authority, "refused": certtest.NewAuthority(t)} {
		who := connected(t, listener, of.Issue("a"))
		v := who.Note.(*verification)
		first := v.verdictOf(&who, time.Now())
		if (first.err == nil) != (of == authority) {
			t.Error(name, first.err)
		}
		if err := listener.load(); err != nil {
			t.Fatal(err)
		}
		if again := v.verdictOf(&who, time.Now()); again != first {
			t.Errorf("%s: it was verified again", name)
		}
	}
}

// An authority that is taken away ends what its callers have under way, and they are
// told why in their next call; who has a certificate of another one goes on.
func TestAuthorityTakenAway(t *testing.T) {
	s := newTLSServer(t)
	other := certtest.NewAuthority(t)
	s.believe(s.authority, other)
	gone, stays := s.connect(s.authority.Issue("known")), s.connect(other.Issue("known"))
	s.believe(s.authority, other, certtest.NewAuthority(t))
	for _, c := range []*client.Client{gone, stays} {
		if _, err := c.Version(t.Context()); err != nil {
			t.Error("with one more authority:", err)
		}
	}
	s.expectSessions(2)
	s.believe(other)
	if _, err := gone.Version(t.Context()); err == nil || !strings.Contains(err.Error(), `"CN=known" is of no authority`) {
		t.Errorf("without the authority: %v", err)
	}
	if _, err := stays.Version(t.Context()); err != nil {
		t.Error("of the other authority:", err)
	}
	s.expectSessions(1)
}

// connect opens a session of a certificate.
func (s *tlsServer) connect(certificate tls.Certificate) *client.Client {
	s.t.Helper()
	c, err := s.dial(certificate)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { c.Close() })
	if _, err := c.Connect(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	return c
}

// expectSessions waits until so many sessions are open.
func (s *tlsServer) expectSessions(want int) {
	s.t.Helper()
	n := -1
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if n = s.service.Status().Sessions; n == want {
			return
		}
	}
	s.t.Errorf("%d sessions are open, want %d", n, want)
}

// believe replaces the authorities of clients, as a reload does.
func (s *tlsServer) believe(authorities ...*certtest.Authority) {
	s.t.Helper()
	var all [][]byte
	for _, a := range authorities {
		all = append(all, a.PEM())
	}
	if err := os.WriteFile(s.clients, slices.Concat(all...), 0o600); err != nil {
		s.t.Fatal(err)
	}
	if err := s.sockets.reload(); err != nil {
		s.t.Fatal(err)
	}
	s.api.IdentitiesChanged()
}
