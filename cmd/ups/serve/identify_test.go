package serve

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"net/url"
	"strings"
	"testing"
	"time"

	"ups/cmd/ups/serve/config"
	"ups/runtime/server"
)

// Every condition of an identity must hold, and nothing that is unknown holds one.
func TestIdentify(t *testing.T) {
	one, two := uint32(1), uint32(2)
	cert := &x509.Certificate{
		Raw: []byte("certificate"), Subject: pkix.Name{CommonName: "a"}, DNSNames: []string{"a.example"},
		URIs: []*url.URL{{Scheme: "spiffe", Host: "example", Path: "/a"}}, NotAfter: time.Now().Add(time.Hour),
	}
	i := newIdentifier(nil)
	for _, tt := range []struct {
		name  string
		match config.Match
		peer  server.Peer
		want  bool
	}{
		{"the user", config.Match{UID: &one}, peerOf(1, 5, "", ""), true},
		{"another user", config.Match{UID: &one}, peerOf(2, 5, "", ""), false},
		{"the group", config.Match{GID: &two}, peerOf(1, 2, "", ""), true},
		{"the user alone", config.Match{UID: &one, GID: &two}, peerOf(1, 1, "", ""), false},
		{"the unit", config.Match{UID: &one, Unit: "a.service"}, peerOf(1, 1, "", "a.service"), true},
		{"an unknown unit", config.Match{UID: &one, Unit: "a.service"}, peerOf(1, 1, "", ""), false},
		{"the executable", config.Match{UID: &one, Executable: "/a"}, peerOf(1, 1, "/a", ""), true},
		{"an unknown executable", config.Match{UID: &one, Executable: "/a"}, peerOf(1, 1, "", ""), false},
		{"an executable alone", config.Match{Executable: "/a"}, peerOf(1, 1, "/a", ""), false},
		{"no conditions", config.Match{}, peerOf(0, 0, "", ""), false},
		{"nothing known", config.Match{UID: new(uint32)}, server.Peer{}, false},
		{"the subject", certified("CN=a", "", "", ""), server.Peer{Certificate: cert}, true},
		{"another subject", certified("CN=b", "", "", ""), server.Peer{Certificate: cert}, false},
		{"both names", certified("", "a.example", "spiffe://example/a", ""), server.Peer{Certificate: cert}, true},
		{"one name", certified("", "a.example", "spiffe://example/b", ""), server.Peer{Certificate: cert}, false},
		{"another name", certified("", "b.example", "", ""), server.Peer{Certificate: cert}, false},
		{"the fingerprint", certified("", "", "", fingerprint(cert)), server.Peer{Certificate: cert}, true},
		{"another fingerprint", certified("", "", "", "00"), server.Peer{Certificate: cert}, false},
		{"any certificate", certified("", "", "", ""), server.Peer{Certificate: cert}, false},
		{"a certificate for a user", config.Match{UID: &one}, server.Peer{Certificate: cert}, false},
		{"a user for a certificate", certified("CN=a", "", "", ""), peerOf(1, 1, "", ""), false},
	} {
		i.set([]config.Identity{{Identity: server.Identity{Name: tt.name}, Match: tt.match}})
		id, err := i.Identify(tt.peer)
		if (err == nil) != tt.want || (id.Name == tt.name) != tt.want {
			t.Errorf("%s: %+v, %v", tt.name, id, err)
		}
	}
}

// A connection outlives its certificate, and what the certificate was good for doesn't.
func TestCertificateThatEnds(t *testing.T) {
	i := newIdentifier([]config.Identity{{Identity: server.Identity{Name: "a"}, Match: certified("CN=a", "", "", "")}})
	c := &x509.Certificate{Subject: pkix.Name{CommonName: "a"}, NotAfter: time.Now().Add(time.Hour)}
	if _, err := i.Identify(server.Peer{Certificate: c}); err != nil {
		t.Error(err)
	}
	c.NotAfter = time.Now().Add(-time.Second)
	if id, err := i.Identify(server.Peer{Certificate: c}); err == nil || !strings.Contains(err.Error(), "was valid until") {
		t.Errorf("%+v, %v", id, err)
	}
}

// The first identity that matches counts.
func TestFirstIdentity(t *testing.T) {
	one := uint32(1)
	i := newIdentifier([]config.Identity{
		{Identity: server.Identity{Name: "narrow"}, Match: config.Match{UID: &one, Unit: "a.service"}},
		{Identity: server.Identity{Name: "wide"}, Match: config.Match{UID: &one}},
	})
	for unit, want := range map[string]string{"a.service": "narrow", "b.service": "wide"} {
		if id, err := i.Identify(peerOf(1, 1, "", unit)); err != nil || id.Name != want {
			t.Errorf("%s: %+v, %v", unit, id, err)
		}
	}
}

func peerOf(uid, gid uint32, executable, unit string) server.Peer {
	return server.Peer{Unix: &server.UnixPeer{UID: uid, GID: gid, Executable: executable, Unit: unit}}
}

func certified(subject, dns, uri, fingerprint string) config.Match {
	return config.Match{Certificate: &config.Certificate{Subject: subject, DNS: dns, URI: uri, Fingerprint: fingerprint}}
}
