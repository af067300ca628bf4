package serve

import (
	"strings"
	"testing"

	"ups/cmd/ups/serve/config"
	"ups/runtime/server"
	"ups/runtime/service"
)

// What --check prints of an identity leaves nothing out that decides who gets it, and
// what it may do.
func TestCheckedIdentity(t *testing.T) {
	one, two := uint32(1), uint32(2)
	for want, m := range map[string]config.Match{
		"uid 1, gid 2, executable /a, unit a.service": {UID: &one, GID: &two, Executable: "/a", Unit: "a.service"},
		"subject CN=a, dns a, uri b:c, fingerprint 00, authority ca.pem": {Certificate: &config.Certificate{
			Subject: "CN=a", DNS: "a", URI: "b:c", Fingerprint: "00", Authority: config.Name{Path: "ca.pem"},
		}},
	} {
		if got := whom(&m); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	for want, id := range map[string]server.Identity{
		"no rights": {},
		"SID 0x102836c3, reports what software installation has changed": {Caller: service.Caller{SID: service.SoftwareInstallObserver}},
		"SID 0x00000001, ProtServ, AllFiles, may attach the policy evaluator 0x00000005, may attach the dialog creator 0x00000006, status, reload": {
			Caller:  service.Caller{SID: 1, Capabilities: service.ProtServ | service.AllFiles},
			PlugIns: []server.PlugIn{{Kind: server.PolicyEvaluator, UID: 5}, {Kind: server.DialogCreator, UID: 6}},
			Status:  true, Reload: true,
		},
	} {
		if got := strings.Join(rights(&id), ", "); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
