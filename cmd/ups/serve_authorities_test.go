package main

import (
	"crypto/tls"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"ups/cmd/ups/internal/servetest"
	"ups/internal/certtest"
	"ups/runtime/client"
)

// tlsFolder returns the folder of a server that listens on TCP too, with a certificate
// of an authority and for certificates of others; it knows who is called "remote".
func tlsFolder(t *testing.T, of *certtest.Authority, clients ...*certtest.Authority) string {
	t.Helper()
	dir := serverFolder(t, "")
	certificate, key := of.IssuePEM("server")
	for name, text := range map[string][]byte{"server.pem": certificate, "server.key": key, "clients.pem": pemOf(clients)} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "serve.yaml")
	writeSource(t, path, strings.NewReplacer(
		"listen: [", "listen: [{tcp: '127.0.0.1:0', certificate: server.pem, key: server.key, clients: clients.pem}, ",
		"identities:\n", "identities:\n  - {name: remote, certificate: {subject: CN=remote}, sid: 0x101f7f1f, capabilities: [ProtServ]}\n",
	).Replace(read(t, path)))
	return dir
}

func pemOf(authorities []*certtest.Authority) []byte {
	var all [][]byte
	for _, a := range authorities {
		all = append(all, a.PEM())
	}
	return slices.Concat(all...)
}

var tcpAddress = regexp.MustCompile(`network=tcp address=(\S+)`)

// connectTLS opens a session over TCP.
func (p *serverProcess) connectTLS(of *certtest.Authority, c tls.Certificate) *client.Client {
	p.Helper()
	p.Logs("network=tcp address=")
	address := tcpAddress.FindStringSubmatch(p.Logged.String())
	if address == nil {
		p.Fatalf("the log doesn't say where the server listens:\n%s", p.Logged)
	}
	remote, err := client.Dial(p.Context(), client.Options{
		Address: "https://" + address[1], TLS: &tls.Config{ServerName: "localhost", RootCAs: of.Pool(), Certificates: []tls.Certificate{c}},
	})
	if err != nil {
		p.Fatal(err)
	}
	p.Cleanup(func() { remote.Close() })
	if _, err := remote.Connect(p.Context()); err != nil {
		p.Fatal(err)
	}
	return remote
}

// expectSessions waits until so many sessions are open.
func (p *serverProcess) expectSessions(want string) {
	p.Helper()
	got := ""
	for end := time.Now().Add(servetest.Patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if got = p.post("StatusService/Status", "{}"); strings.Contains(got, `"sessions":`+want) {
			return
		}
	}
	p.Errorf("the status is %s, want %s sessions", got, want)
}

// An authority that is taken out of its file counts no more once the server has read it
// again, whether the configuration beside it has a mistake or not: what its callers have
// under way ends, and they are refused over the connections that they have. Others stay.
func TestServeAuthorityTakenAway(t *testing.T) {
	for name, more := range map[string]string{"the configuration as it was": "", "a mistake in the configuration": "nonsense: 1\n"} {
		t.Run(name, func(t *testing.T) {
			old, other := certtest.NewAuthority(t), certtest.NewAuthority(t)
			p := startServer(t, tlsFolder(t, old, old, other), nil)
			gone, stays := p.connectTLS(old, old.Issue("remote")), p.connectTLS(old, other.Issue("remote"))
			p.expectSessions("2")
			path := filepath.Join(p.Dir, "serve.yaml")
			writeSource(t, path, read(t, path)+more)
			writeSource(t, filepath.Join(p.Dir, "clients.pem"), string(other.PEM()))
			p.HangUp()
			if _, err := gone.Version(t.Context()); err == nil || !strings.Contains(err.Error(), `"CN=remote" is of no authority`) {
				t.Errorf("without its authority: %v", err)
			}
			if _, err := stays.Version(t.Context()); err != nil {
				t.Errorf("with its authority: %v", err)
			}
			p.expectSessions("1")
		})
	}
}

// That somebody else can make the certificate of an identity, or nobody, is said when
// the configuration is checked.
func TestServeCheckAuthorities(t *testing.T) {
	one, other := certtest.NewAuthority(t), certtest.NewAuthority(t)
	for name, c := range map[string]struct {
		clients     []*certtest.Authority
		certificate string
		file        []*certtest.Authority // authority.pem
		want        string
	}{
		"one":            {[]*certtest.Authority{one, one.Renewed()}, "", nil, "\nidentity remote: subject CN=remote; SID 0x101f7f1f, ProtServ\nidentity telephony:"},
		"two":            {[]*certtest.Authority{one, other}, "", nil, "\nidentity remote: each of the 2 authorities in clients can make a certificate for it; with authority: FILE only those in the file\n"},
		"a fingerprint":  {[]*certtest.Authority{one, other}, ", fingerprint: " + strings.Repeat("a", 64), nil, "aa; SID 0x101f7f1f, ProtServ\nidentity telephony:"},
		"an authority":   {[]*certtest.Authority{one, other}, ", authority: authority.pem", []*certtest.Authority{one}, "\nidentity remote: subject CN=remote, authority authority.pem; SID 0x101f7f1f, ProtServ\nidentity telephony:"},
		"one below":      {[]*certtest.Authority{one}, ", authority: authority.pem", []*certtest.Authority{one.Intermediate()}, "ProtServ\nidentity telephony:"},
		"another":        {[]*certtest.Authority{one}, ", authority: authority.pem", []*certtest.Authority{other}, "\nidentity remote: nobody gets it, unless an authority in authority.pem has a certificate of one in clients\n"},
		"none":           {[]*certtest.Authority{one}, ", authority: clients.none", nil, "serve.yaml:6:65: clients.none: no such file or directory\n"},
		"no certificate": {[]*certtest.Authority{one}, ", authority: serve.yaml", nil, "serve.yaml:6:65: serve.yaml: no certificate in PEM is in it\n"},
	} {
		dir := tlsFolder(t, one, c.clients...)
		path := filepath.Join(dir, "serve.yaml")
		writeSource(t, path, strings.Replace(read(t, path), "subject: CN=remote", "subject: CN=remote"+c.certificate, 1))
		writeSource(t, filepath.Join(dir, "authority.pem"), string(pemOf(c.file)))
		out, err := processOf(t, dir, "ups", "serve", "--check", "--config", "serve.yaml").CombinedOutput()
		if !strings.Contains(string(out), c.want) || strings.Contains(c.want, "serve.yaml:") != (err != nil) {
			t.Errorf("%s: it says, %v,\n%s\nwithout\n%s", name, err, out, c.want)
		}
	}
}

// The authorities of an identity are read again with the configuration, which stays as
// it was if they can't be.
func TestServeAuthorityOfAnIdentity(t *testing.T) {
	one, other := certtest.NewAuthority(t), certtest.NewAuthority(t)
	dir := tlsFolder(t, one, one, other)
	path, file := filepath.Join(dir, "serve.yaml"), filepath.Join(dir, "authority.pem")
	writeSource(t, path, strings.Replace(read(t, path), "subject: CN=remote", "subject: CN=remote, authority: authority.pem", 1))
	writeSource(t, file, string(pemOf([]*certtest.Authority{one, other})))
	p := startServer(t, dir, nil)
	gone, stays := p.connectTLS(one, one.Issue("remote")), p.connectTLS(one, other.Issue("remote"))
	p.expectSessions("2")
	writeSource(t, file, string(other.PEM()))
	p.HangUp()
	p.expectSessions("1")
	writeSource(t, file, "nothing")
	p.HangUp()
	p.Logs(`msg="the configuration stays as it was" error="serve.yaml:6:65: authority.pem: no certificate in PEM is in it"`)
	if _, err := gone.Version(t.Context()); err == nil || !strings.Contains(err.Error(), `no identity is for the certificate "CN=remote"`) {
		t.Errorf("of the authority that is gone: %v", err)
	}
	if _, err := stays.Version(t.Context()); err != nil {
		t.Errorf("of the one that stays: %v", err)
	}
}
