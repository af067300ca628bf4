package agent

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"

	"ups/cmd/ups/internal/console"
)

// tlsFiles are the files that https needs.
type tlsFiles struct{ certificate, key, authorities string }

// maxFile is the largest file that is read of them, in bytes.
const maxFile = 1 << 20

func (f tlsFiles) read(ctx context.Context, con *console.Console) (*tls.Config, error) {
	if f.certificate == "" || f.key == "" || f.authorities == "" {
		return nil, console.UsageError("see ups agent --help", "https needs --certificate, --key and --ca")
	}
	var pem [3][]byte
	for i, name := range []string{f.certificate, f.key, f.authorities} {
		text, err := con.Read(ctx, name, maxFile)
		if err != nil {
			return nil, console.Named(name, err)
		}
		pem[i] = text
	}
	certificate, err := tls.X509KeyPair(pem[0], pem[1])
	if err != nil {
		return nil, fmt.Errorf("%s and %s: %w", f.certificate, f.key, err)
	}
	authorities := x509.NewCertPool()
	if !authorities.AppendCertsFromPEM(pem[2]) {
		return nil, console.Named(f.authorities, errors.New("there is no certificate in it"))
	}
	return &tls.Config{Certificates: []tls.Certificate{certificate}, RootCAs: authorities, MinVersion: tls.VersionTLS13}, nil
}
