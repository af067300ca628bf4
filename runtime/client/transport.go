package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// newTransport returns what connects to the address, and the URL of the API there.
func newTransport(opt Options) (*http.Transport, string, error) {
	t := &http.Transport{
		Protocols: new(http.Protocols),
		HTTP2: &http.HTTP2Config{
			SendPingTimeout: opt.Ping, PingTimeout: opt.Ping / 2, WriteByteTimeout: opt.Ping,
		},
		DisableCompression: true,
		IdleConnTimeout:    time.Minute,
	}
	if opt.Dial != nil {
		t.Protocols.SetUnencryptedHTTP2(true)
		t.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) { return opt.Dial(ctx) }
		return t, "http://ups", nil
	}
	if path, ok := strings.CutPrefix(opt.Address, "unix:"); ok {
		return t, "http://ups", overSocket(t, opt, path)
	}
	u, err := url.Parse(opt.Address)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.Path != "" && u.Path != "/" {
		return nil, "", fmt.Errorf("the address %q is neither unix:PATH nor https://HOST:PORT", opt.Address)
	}
	return t, "https://" + u.Host, overTLS(t, opt)
}

func overSocket(t *http.Transport, opt Options, path string) error {
	if path == "" {
		return errors.New("the address unix: has no path")
	}
	if opt.TLS != nil {
		return errors.New("a Unix socket has no TLS: the system says who is at its other end")
	}
	t.Protocols.SetUnencryptedHTTP2(true)
	t.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", path)
	}
	return nil
}

func overTLS(t *http.Transport, opt Options) error {
	if opt.TLS == nil {
		return errors.New("https needs the TLS of client.Options: a certificate says who calls")
	}
	t.TLSClientConfig = opt.TLS.Clone()
	t.TLSClientConfig.MinVersion = max(t.TLSClientConfig.MinVersion, tls.VersionTLS13)
	t.Protocols.SetHTTP2(true)
	t.DialContext = (&net.Dialer{Timeout: 10 * time.Second}).DialContext
	t.TLSHandshakeTimeout = 10 * time.Second
	return nil
}
