package serve

import (
	"crypto/x509"
	"slices"

	"ups/cmd/ups/serve/config"
)

// clientAuthorities returns those of all listeners' clients; what is wrong with their
// files was noted with the listeners.
func (k *checker) clientAuthorities() (all []*x509.Certificate) {
	for _, l := range k.cfg.Listen {
		if l.TCP != "" {
			of, _ := readAuthorities(l.TLS.Clients)
			all = append(all, of...)
		}
	}
	return all
}

// authority looks who can make a certificate for an identity: more than one, or none.
func (k *checker) authority(id *config.Identity, clients []*x509.Certificate) {
	c, all := id.Match.Certificate, issuersAmong(clients)
	if c.Authority.Path == "" {
		if len(all) > 1 && c.Fingerprint == "" {
			k.say("identity %s: each of the %d authorities in clients can make a certificate for it; with authority: FILE only those in the file", id.Name, len(all))
		}
		return
	}
	own, err := readAuthorities(c.Authority)
	switch {
	case err != nil:
		k.errors = append(k.errors, err)
	case !all.meet(issuersAmong(own)) && !slices.ContainsFunc(own, below(clients)):
		k.say("identity %s: nobody gets it, unless an authority in %s has a certificate of one in clients", id.Name, c.Authority.Path)
	}
}

// below returns whether a certificate is of one of the authorities.
func below(authorities []*x509.Certificate) func(*x509.Certificate) bool {
	return func(c *x509.Certificate) bool {
		return slices.ContainsFunc(authorities, func(a *x509.Certificate) bool { return c.CheckSignatureFrom(a) == nil })
	}
}
