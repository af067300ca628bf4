// Package certtest makes certificates for tests.
package certtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"testing"
	"time"
)

// Authority signs certificates. All authorities have the same name.
type Authority struct {
	t    testing.TB
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
	sent [][]byte // with each certificate: its own, if another authority signed it
}

// NewAuthority makes an authority, for an hour.
func NewAuthority(t testing.TB) *Authority {
	t.Helper()
	a := &Authority{t: t, key: newKey(t)}
	a.cert = authorityTemplate()
	a.cert = a.sign(a.cert, a.key)
	return a
}

func authorityTemplate() *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
}

// Intermediate makes an authority that has a certificate of this one, which may be
// changed before it is signed. It comes with the certificates that it signs.
func (a *Authority) Intermediate(change ...func(*x509.Certificate)) *Authority {
	a.t.Helper()
	template := authorityTemplate()
	for _, c := range change {
		c(template)
	}
	key := newKey(a.t)
	cert := a.sign(template, key)
	return &Authority{t: a.t, key: key, cert: cert, sent: append([][]byte{cert.Raw}, a.sent...)}
}

// Renewed returns the authority with a new certificate for its key.
func (a *Authority) Renewed() *Authority {
	a.t.Helper()
	r := &Authority{t: a.t, key: a.key}
	r.cert = authorityTemplate()
	r.cert.SerialNumber = big.NewInt(3)
	r.cert = r.sign(r.cert, r.key)
	return r
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (a *Authority) sign(template *x509.Certificate, key *ecdsa.PrivateKey) *x509.Certificate {
	a.t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		a.t.Fatal(err)
	}
	return cert
}

// Pool returns the authority, for who believes it.
func (a *Authority) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	return pool
}

// PEM returns the authority's certificate.
func (a *Authority) PEM() []byte { return encode("CERTIFICATE", a.cert.Raw) }

// Self returns the authority's own certificate, for who uses it as a client.
func (a *Authority) Self() tls.Certificate {
	return tls.Certificate{Certificate: [][]byte{a.cert.Raw}, PrivateKey: a.key}
}

// Issue makes a certificate for a client of that name, and a server that is
// localhost, for an hour. It may be changed before it is signed.
func (a *Authority) Issue(name string, change ...func(*x509.Certificate)) tls.Certificate {
	a.t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	for _, c := range change {
		c(template)
	}
	key := newKey(a.t)
	return tls.Certificate{Certificate: append([][]byte{a.sign(template, key).Raw}, a.sent...), PrivateKey: key}
}

// IssuePEM is Issue, for files.
func (a *Authority) IssuePEM(name string) (certificate, key []byte) {
	a.t.Helper()
	issued := a.Issue(name)
	der, err := x509.MarshalPKCS8PrivateKey(issued.PrivateKey)
	if err != nil {
		a.t.Fatal(err)
	}
	return encode("CERTIFICATE", issued.Certificate[0]), encode("PRIVATE KEY", der)
}

func encode(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}
