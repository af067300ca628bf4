package serve

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"maps"

	"ups/cmd/ups/serve/config"
)

// readAuthorities reads the certificates of a file.
func readAuthorities(name config.Name) (all []*x509.Certificate, err error) {
	text, err := readPEM(name)
	if err != nil {
		return nil, err
	}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, named(name, err)
		}
		all = append(all, c)
	}
	if len(all) == 0 {
		return nil, named(name, errors.New("no certificate in PEM is in it"))
	}
	return all, nil
}

// issuers are authorities, by their public keys: one that renews its certificate stays
// the same, and another one of its name doesn't become it.
type issuers map[string]struct{}

// issuersAmong returns whose certificates these are.
func issuersAmong(certificates []*x509.Certificate) issuers {
	all := issuers{}
	for _, c := range certificates {
		all[string(c.RawSubjectPublicKeyInfo)] = struct{}{}
	}
	return all
}

// issuersIn reads the authorities of a file.
func issuersIn(name config.Name) (issuers, error) {
	all, err := readAuthorities(name)
	return issuersAmong(all), err
}

// issuersOf returns the authorities of chains that were verified. A certificate that is
// among the authorities is its own.
func issuersOf(chains [][]*x509.Certificate) issuers {
	all := issuers{}
	for _, chain := range chains {
		maps.Copy(all, issuersAmong(chain[min(1, len(chain)-1):]))
	}
	return all
}

// meet reports whether an authority is among both.
func (i issuers) meet(others issuers) bool {
	for key := range others {
		if _, ok := i[key]; ok {
			return true
		}
	}
	return false
}
