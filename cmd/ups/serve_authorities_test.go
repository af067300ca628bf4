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

// startTLSServer starts a server that listens on TCP too, for certificates of the
// authorities; it knows who is called "remote".
func startTLSServer(t *testing.T, of *certtest.Authority, clients ...*certtest.Authority) *serverProcess {
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
	return startServer(t, dir, nil)
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
			p := startTLSServer(t, old, old, other)
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
