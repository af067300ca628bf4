package client

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"testing"

	"ups/internal/certtest"
)

// What is no address of a server, or leaves open who is at its ends, is refused before
// anything is dialled.
func TestAddressesThatAreRefused(t *testing.T) {
	certificates := &tls.Config{}
	for _, opt := range []Options{
		{},
		{Address: "unix:"},
		{Address: "unix:/run/ups/ups.sock", TLS: certificates},
		{Address: "http://example.com", TLS: certificates},
		{Address: "example.com", TLS: certificates},
		{Address: "https://", TLS: certificates},
		{Address: "https://example.com/a", TLS: certificates},
		{Address: "https://example.com"},
		{Address: "https://%", TLS: certificates},
	} {
		if _, _, err := newTransport(opt); err == nil {
			t.Errorf("%q, TLS %v: no error", opt.Address, opt.TLS != nil)
		}
	}
}

// A server whose certificate isn't believed was never asked anything.
func TestCertificateOfAnotherAuthority(t *testing.T) {
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	h := &http.Server{TLSConfig: &tls.Config{Certificates: []tls.Certificate{certtest.NewAuthority(t).Issue("server")}}}
	h.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)
	go h.ServeTLS(l, "", "")
	t.Cleanup(func() { h.Close() })
	config := &tls.Config{RootCAs: certtest.NewAuthority(t).Pool()}
	_, err = Dial(t.Context(), Options{Address: "https://" + l.Addr().String(), TLS: config})
	if !errors.Is(err, ErrUnavailable) || errors.Is(err, ErrInterrupted) {
		t.Errorf("%v", err)
	}
}

// Without TLS HTTP/2 alone is spoken, and with it by TLS 1.3 or later; the caller's
// configuration stays as it is.
func TestTransports(t *testing.T) {
	for _, c := range []struct {
		opt      Options
		url      string
		over     func(*http.Protocols) bool
		min, had uint16
	}{
		{Options{Address: "unix:s"}, "http://ups", (*http.Protocols).UnencryptedHTTP2, 0, 0},
		{Options{Dial: func(context.Context) (net.Conn, error) { return nil, nil }}, "http://ups", (*http.Protocols).UnencryptedHTTP2, 0, 0},
		{Options{Address: "https://a:1", TLS: &tls.Config{}}, "https://a:1", (*http.Protocols).HTTP2, tls.VersionTLS13, 0},
		{Options{Address: "https://a/", TLS: &tls.Config{MinVersion: 0x400}}, "https://a", (*http.Protocols).HTTP2, 0x400, 0x400},
	} {
		h, url, err := newTransport(c.opt)
		if err != nil || url != c.url || h.Protocols.HTTP1() || !c.over(h.Protocols) {
			t.Errorf("%q: %s, %v, %v", c.opt.Address, url, h.Protocols, err)
			continue
		}
		if (h.TLSClientConfig != nil) != (c.opt.TLS != nil) {
			t.Errorf("%q: TLS %v", c.opt.Address, h.TLSClientConfig)
		} else if c.opt.TLS != nil && (h.TLSClientConfig.MinVersion != c.min || c.opt.TLS.MinVersion != c.had) {
			t.Errorf("%q: from version %x, the caller's is %x", c.opt.Address, h.TLSClientConfig.MinVersion, c.opt.TLS.MinVersion)
		}
	}
}
