package server

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"slices"
	"testing"

	"ups/runtime/api/upsv1/upsv1connect"
)

// A certificate says who calls only if it was verified.
func TestCertificateOfAPeer(t *testing.T) {
	c, above := &x509.Certificate{}, &x509.Certificate{}
	for name, s := range map[string]struct {
		state *tls.ConnectionState
		want  *x509.Certificate
	}{
		"without TLS": {nil, nil},
		"without one": {&tls.ConnectionState{}, nil},
		"unverified":  {&tls.ConnectionState{PeerCertificates: []*x509.Certificate{c}}, nil},
		"verified": {&tls.ConnectionState{
			PeerCertificates: []*x509.Certificate{c, above}, VerifiedChains: [][]*x509.Certificate{{c, {}}},
		}, c},
	} {
		got := peerOf(&http.Request{TLS: s.state})
		if got.Certificate != s.want || (s.want != nil) != slices.Contains(got.Intermediates, above) {
			t.Errorf("%s: %p with %p, want %p", name, got.Certificate, got.Intermediates, s.want)
		}
	}
}

// Somebody has lost rights who may be fewer plug-ins, or is somebody else.
func TestLostRights(t *testing.T) {
	evaluator, creator := PlugIn{PolicyEvaluator, 1}, PlugIn{DialogCreator, 1}
	before := Identity{Name: "a", PlugIns: []PlugIn{evaluator, creator}}
	for name, c := range map[string]struct {
		now  Identity
		want bool
	}{
		"the same":     {before, false},
		"other order":  {Identity{Name: "a", PlugIns: []PlugIn{creator, evaluator}}, false},
		"more":         {Identity{Name: "a", PlugIns: []PlugIn{creator, evaluator, {DialogCreator, 2}}}, false},
		"fewer":        {Identity{Name: "a", PlugIns: []PlugIn{creator}}, true},
		"another UID":  {Identity{Name: "a", PlugIns: []PlugIn{evaluator, {DialogCreator, 2}}}, true},
		"another name": {Identity{Name: "b", PlugIns: before.PlugIns}, true},
	} {
		if got := before.lost(&c.now); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// What the service is doing is for whoever may know.
func TestStatusIsRefused(t *testing.T) {
	f := newFixture(t, func(o *Options) {
		o.Identify = identify(func(p Peer) (Identity, error) {
			id, err := known(p)
			id.Status = false
			return id, err
		})
	})
	if status, answer := f.post(upsv1connect.StatusServiceStatusProcedure, "{}"); status != 403 || answer["code"] != "permission_denied" || answer["sessions"] != nil {
		t.Errorf("%d %v", status, answer)
	}
}

// Whoever may know what the service is doing is told.
func TestStatusIsTold(t *testing.T) {
	f := newFixture(t)
	f.connected()
	if status, answer := f.post(upsv1connect.StatusServiceStatusProcedure, "{}"); status != 200 || answer["sessions"] != 1.0 {
		t.Errorf("%d %v", status, answer)
	}
}
