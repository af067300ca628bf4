package serve

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ups/cmd/ups/serve/config"
	"ups/internal/certtest"
	"ups/runtime/server"
)

// fileOf writes the certificates of authorities.
func fileOf(t *testing.T, authorities ...*certtest.Authority) config.Name {
	t.Helper()
	var all [][]byte
	for _, a := range authorities {
		all = append(all, a.PEM())
	}
	path := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(path, slices.Concat(all...), 0o600); err != nil {
		t.Fatal(err)
	}
	return config.Name{Path: path}
}

// of is the identity of who is called "a" and has a certificate of a file's authorities.
func of(file config.Name) config.Identity {
	m := certified("CN=a", "", "", "")
	m.Certificate.Authority = file
	return config.Identity{Identity: server.Identity{Name: "a"}, Match: m}
}

// An identity that names its authorities isn't for who has a certificate of the same
// name by another one, even if the listener knows that, and it has the same name.
func TestAuthorityOfAnIdentity(t *testing.T) {
	one, other := certtest.NewAuthority(t), certtest.NewAuthority(t)
	below, belowOther := one.Intermediate(), other.Intermediate()
	listener := holding(t, one, other)
	for name, c := range map[string]struct {
		file []*certtest.Authority
		by   *certtest.Authority
		want bool
	}{
		"its own":                      {[]*certtest.Authority{one}, one, true},
		"another":                      {[]*certtest.Authority{one}, other, false},
		"one of two":                   {[]*certtest.Authority{other, one}, one, true},
		"one below":                    {[]*certtest.Authority{one}, below, true},
		"one below another":            {[]*certtest.Authority{one}, belowOther, false},
		"the one below":                {[]*certtest.Authority{below}, below, true},
		"who is above":                 {[]*certtest.Authority{below}, one, false},
		"its own, renewed":             {[]*certtest.Authority{one.Renewed()}, one, true},
		"one that the listener hasn't": {[]*certtest.Authority{certtest.NewAuthority(t)}, one, false},
	} {
		i := knowing(t, of(fileOf(t, c.file...)))
		if id, err := i.Identify(connected(t, listener, c.by.Issue("a"))); (err == nil) != c.want || (id.Name == "a") != c.want {
			t.Errorf("%s: %+v, %v", name, id, err)
		}
		if id, err := i.Identify(connected(t, listener, c.by.Issue("b"))); err == nil {
			t.Errorf("%s, of another name: %+v", name, id)
		}
	}
}

// A certificate that is among those of clients itself is its own authority.
func TestCertificateAmongAuthorities(t *testing.T) {
	a := certtest.NewAuthority(t)
	who := connected(t, holding(t, a), a.Self())
	anyOf := of(fileOf(t, a))
	anyOf.Match.Certificate.Subject = ""
	if _, err := knowing(t, anyOf).Identify(who); err != nil {
		t.Error(err)
	}
	anyOf.Match.Certificate.Authority = fileOf(t, certtest.NewAuthority(t))
	if _, err := knowing(t, anyOf).Identify(who); err == nil {
		t.Error("it is of another authority")
	}
}

// The identities stay as they were if a file of theirs can't be used.
func TestAuthorityFileMistakes(t *testing.T) {
	one, other := certtest.NewAuthority(t), certtest.NewAuthority(t)
	i := knowing(t, of(fileOf(t, one)))
	for want, text := range map[string][]byte{
		"no certificate in PEM is in it": []byte("nothing"),
		"malformed certificate":          append(other.PEM(), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"...),
		"larger than the limit":          bytes.Repeat([]byte("#"), maxPEM+1),
		"no such file":                   nil,
	} {
		file := fileOf(t)
		if err := os.WriteFile(file.Path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if text == nil {
			file.Path += ".none"
		}
		if err := i.set([]config.Identity{of(file)}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	if _, err := i.Identify(connected(t, holding(t, one, other), one.Issue("a"))); err != nil {
		t.Error(err)
	}
	if id, err := i.Identify(connected(t, holding(t, one, other), other.Issue("a"))); err == nil {
		t.Errorf("of another authority: %+v", id)
	}
}

// What else is in a file of authorities, such as a key, is passed over.
func TestAuthorityFileWithKey(t *testing.T) {
	one := certtest.NewAuthority(t)
	_, key := one.IssuePEM("a")
	file := fileOf(t)
	if err := os.WriteFile(file.Path, append(key, one.PEM()...), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := knowing(t, of(file)).Identify(connected(t, holding(t, one), one.Issue("a"))); err != nil {
		t.Error(err)
	}
}
