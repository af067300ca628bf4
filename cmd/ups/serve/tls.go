package serve

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"sync/atomic"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/serve/config"
	"ups/internal/readfile"
)

// maxPEM is the size of the largest file of certificates or keys, in bytes.
const maxPEM = 4 << 20

// certificates is the TLS of a listener, which may be replaced while it is used.
type certificates struct {
	of      config.TLS
	current atomic.Pointer[tls.Config]
}

func newCertificates(of config.TLS) (*certificates, error) {
	c := &certificates{of: of}
	return c, c.load()
}

// load reads the files. If one can't be used, the ones before stay. Authorities that
// are the same stay the same pool, so that no certificate is verified again for them.
func (c *certificates) load() error {
	cfg, err := loadTLS(c.of)
	if err != nil {
		return err
	}
	if before := c.current.Load(); before != nil && before.ClientCAs.Equal(cfg.ClientCAs) {
		cfg.ClientCAs = before.ClientCAs
	}
	c.current.Store(cfg)
	return nil
}

// authorities are those of clients' certificates now.
func (c *certificates) authorities() *x509.CertPool { return c.current.Load().ClientCAs }

// config returns what to listen with.
func (c *certificates) config() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS13,
		GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
			return c.current.Load(), nil
		},
	}
}

// loadTLS makes a configuration under which who has no certificate of one of the
// authorities doesn't get as far as a request.
func loadTLS(of config.TLS) (*tls.Config, error) {
	pair, err := keyPair(of)
	if err != nil {
		return nil, err
	}
	clients, err := authorities(of.Clients)
	if err != nil {
		return nil, err
	}
	return &tls.Config{
		MinVersion:   tls.VersionTLS13,
		NextProtos:   []string{"h2", "http/1.1"},
		Certificates: []tls.Certificate{pair},
		ClientAuth:   tls.RequireAndVerifyClientCert,
		ClientCAs:    clients,
		// A session that is resumed isn't verified again: the certificate may
		// have ended, or its authority been removed.
		SessionTicketsDisabled: true,
	}, nil
}

func keyPair(of config.TLS) (tls.Certificate, error) {
	certificate, err := readPEM(of.Certificate)
	if err != nil {
		return tls.Certificate{}, err
	}
	key, err := readPEM(of.Key)
	if err != nil {
		return tls.Certificate{}, err
	}
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return pair, named(of.Certificate, err)
	}
	return pair, nil
}

func authorities(name config.Name) (*x509.CertPool, error) {
	all, err := readAuthorities(name)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	for _, c := range all {
		pool.AddCert(c)
	}
	return pool, nil
}

func readPEM(name config.Name) ([]byte, error) {
	b, err := readfile.Found(name.Path, maxPEM)
	if err != nil {
		return nil, named(name, err)
	}
	return b, nil
}

// named says where the configuration names a file, and what is wrong with it.
func named(name config.Name, err error) error {
	return console.Input(fmt.Errorf("%s: %w", name.Pos, console.Named(name.Path, err)))
}
