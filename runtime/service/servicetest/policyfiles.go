package servicetest

import (
	"os"
	"path/filepath"
	"testing"

	"ups/internal/rsc"
	"ups/policy"
)

// Who takes part in the tests of the service.
const (
	theServer    = 0x10204040
	theService   = 43
	theEvaluator = 0x20000001
	theCreator   = 0x20000002
	anApp        = 0x10000001 // protected
	aWildApp     = 0x80000001 // unprotected
)

// list makes a policy file that always asks the service.
func list(policies ...policy.Policy) *policy.File {
	return &policy.File{
		UID2: policy.ResourceFileUID, UID3: 1, Version: policy.FormatVersion,
		Header:   &policy.Header{AuthorisationPolicy: policy.AlwaysCheck, DialogCreator: theCreator},
		Policies: policies,
	}
}

// offer makes a policy for all requests.
func offer(o policy.Options) policy.Policy {
	return policy.Policy{SIDClasses: policy.AllSIDs, Destination: policy.NewText("*"), Options: o}
}

// evaluated makes a policy file whose evaluator is that of the fixture.
func evaluated(o policy.Options) *policy.File {
	f := list(offer(o))
	f.Header.PolicyEvaluator = theEvaluator
	return f
}

func putFile(t testing.TB, folder string, service uint32, f *policy.File) {
	t.Helper()
	b, err := rsc.Encode(f)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, policy.Service{Server: theServer, Service: service}.FileName(policy.CompiledExt)), b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// path is that of the policy file of a service in the ROM folder.
func (g *fixture) path(service uint32) string {
	return filepath.Join(g.rom, policy.Service{Server: theServer, Service: service}.FileName(policy.CompiledExt))
}
