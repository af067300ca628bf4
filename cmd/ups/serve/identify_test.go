package serve

import (
	"crypto/x509"
	"net/url"
	"strings"
	"testing"

	"ups/cmd/ups/serve/config"
	"ups/internal/certtest"
	"ups/runtime/server"
)

// Every condition of an identity must hold, and nothing that is unknown holds one.
func TestIdentify(t *testing.T) {
	one, two := uint32(1), uint32(2)
	authority := certtest.NewAuthority(t)
	remote := connected(t, holding(t, authority), authority.Issue("a", func(c *x509.Certificate) {
		c.DNSNames, c.URIs = []string{"a.example"}, []*url.URL{{Scheme: "spiffe", Host: "example", Path: "/a"}}
	}))
	cert := remote.Certificate
	for _, tt := range []struct {
		name  string
		match config.Match
		peer  server.Peer
		want  bool
	}{
		{"the user", config.Match{UID: &one}, localPeer(1, 5, "", ""), true},
		{"another user", config.Match{UID: &one}, localPeer(2, 5, "", ""), false},
		{"the group", config.Match{GID: &two}, localPeer(1, 2, "", ""), true},
		{"the user alone", config.Match{UID: &one, GID: &two}, localPeer(1, 1, "", ""), false},
		{"the unit", config.Match{UID: &one, Unit: "a.service"}, localPeer(1, 1, "", "a.service"), true},
		{"no unit", config.Match{UID: &one, Unit: "a.service"}, server.Peer{Unix: &server.UnixPeer{UID: 1, NoUnit: true}}, false},
		{"an unknown unit", config.Match{UID: &one, Unit: "a.service"}, localPeer(1, 1, "", ""), false},
		{"the executable", config.Match{UID: &one, Executable: "/a"}, localPeer(1, 1, "/a", ""), true},
		{"an unknown executable", config.Match{UID: &one, Executable: "/a"}, localPeer(1, 1, "", ""), false},
		{"an executable alone", config.Match{Executable: "/a"}, localPeer(1, 1, "/a", ""), false},
		{"no conditions", config.Match{}, localPeer(0, 0, "", ""), false},
		{"nothing known", config.Match{UID: new(uint32)}, server.Peer{}, false},
		{"the subject", certified("CN=a", "", "", ""), remote, true},
		{"another subject", certified("CN=b", "", "", ""), remote, false},
		{"both names", certified("", "a.example", "spiffe://example/a", ""), remote, true},
		{"one name", certified("", "a.example", "spiffe://example/b", ""), remote, false},
		{"another name", certified("", "b.example", "", ""), remote, false},
		{"the fingerprint", certified("", "", "", fingerprint(cert)), remote, true},
		{"another fingerprint", certified("", "", "", "00"), remote, false},
		{"any certificate", certified("", "", "", ""), remote, false},
		{"a certificate for a user", config.Match{UID: &one}, remote, false},
		{"a certificate of no listener", certified("CN=a", "", "", ""), server.Peer{Certificate: cert}, false},
		{"a user for a certificate", certified("CN=a", "", "", ""), localPeer(1, 1, "", ""), false},
	} {
		i := knowing(t, config.Identity{Identity: server.Identity{Name: tt.name}, Match: tt.match})
		id, err := i.Identify(tt.peer)
		if (err == nil) != tt.want || (id.Name == tt.name) != tt.want {
			t.Errorf("%s: %+v, %v", tt.name, id, err)
		}
	}
}

// The first identity that matches counts.
func TestFirstIdentity(t *testing.T) {
	one := uint32(1)
	i := knowing(
		t, config.Identity{Identity: server.Identity{Name: "narrow"}, Match: config.Match{UID: &one, Unit: "a.service"}},
		config.Identity{Identity: server.Identity{Name: "wide"}, Match: config.Match{UID: &one}},
	)
	for unit, want := range map[string]string{"a.service": "narrow", "b.service": "wide"} {
		if id, err := i.Identify(localPeer(1, 1, "", unit)); err != nil || id.Name != want {
			t.Errorf("%s: %+v, %v", unit, id, err)
		}
	}
}

// A process doesn't get a wider identity by what isn't known of it: it can bring that
// about, by ending while its child has the connection.
func TestUnknownGetsNoWiderIdentity(t *testing.T) {
	one, two := uint32(1), uint32(2)
	named := func(name string, m config.Match) config.Identity {
		return config.Identity{Identity: server.Identity{Name: name}, Match: m}
	}
	i := knowing(
		t, named("program", config.Match{UID: &one, Executable: "/a"}),
		named("both", config.Match{UID: &one, Executable: "/b", Unit: "b.service"}),
		named("unit", config.Match{UID: &one, Unit: "a.service"}),
		named("user", config.Match{UID: &one}),
		named("group", config.Match{GID: &two}),
	)
	for _, tt := range []struct {
		peer server.UnixPeer
		want string // an identity, or what is refused
	}{
		{server.UnixPeer{UID: 1}, "it depends on the executable of uid 1, gid 0 which identity it has"},
		{server.UnixPeer{UID: 1, NoUnit: true}, "it depends on the executable"},
		{server.UnixPeer{UID: 1, Unit: "a.service"}, "it depends on the executable"},
		{server.UnixPeer{UID: 1, Executable: "/a"}, "program"},
		{server.UnixPeer{UID: 1, Executable: "/b"}, "it depends on the unit"},
		{server.UnixPeer{UID: 1, Executable: "/c"}, "it depends on the unit"},
		{server.UnixPeer{UID: 1, Executable: "/c", NoUnit: true}, "user"},
		{server.UnixPeer{UID: 1, Executable: "/b", Unit: "a.service"}, "unit"},
		{server.UnixPeer{UID: 1, Executable: "/b", Unit: "b.service"}, "both"},
		{server.UnixPeer{UID: 2, GID: 2}, "group"}, // none of the others is for it
	} {
		id, err := i.Identify(server.Peer{Unix: &tt.peer})
		got := id.Name
		if err != nil {
			got = err.Error()
		}
		if !strings.HasPrefix(got, tt.want) {
			t.Errorf("%+v: %s, want %s", tt.peer, got, tt.want)
		}
	}
}

// knowing has identities.
func knowing(t *testing.T, ids ...config.Identity) *identifier {
	t.Helper()
	i := &identifier{}
	if err := i.set(ids); err != nil {
		t.Fatal(err)
	}
	return i
}

func localPeer(uid, gid uint32, executable, unit string) server.Peer {
	return server.Peer{Unix: &server.UnixPeer{UID: uid, GID: gid, Executable: executable, Unit: unit}}
}

func certified(subject, dns, uri, fingerprint string) config.Match {
	return config.Match{Certificate: &config.Certificate{Subject: subject, DNS: dns, URI: uri, Fingerprint: fingerprint}}
}
