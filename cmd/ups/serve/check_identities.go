package serve

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"ups/cmd/ups/serve/config"
	"ups/runtime/server"
	"ups/runtime/service"
)

func sorted[V any](m map[uint32]V) []uint32 { return slices.Sorted(maps.Keys(m)) }

// identities lists who gets which identity, and what it may do.
func (k *checker) identities() {
	clients := k.clientAuthorities()
	for i := range k.cfg.Identities {
		id := &k.cfg.Identities[i]
		k.say("identity %s: %s; %s", id.Name, whom(&id.Match), strings.Join(rights(&id.Identity), ", "))
		if id.Match.Certificate != nil {
			k.authority(id, clients)
		}
	}
}

// whom says who gets an identity.
func whom(m *config.Match) string {
	var all []string
	add := func(what, value string) {
		if value != "" {
			all = append(all, what+" "+value)
		}
	}
	number := func(what string, id *uint32) {
		if id != nil {
			add(what, fmt.Sprint(*id))
		}
	}
	number("uid", m.UID)
	number("gid", m.GID)
	add("executable", m.Executable)
	add("unit", m.Unit)
	if c := m.Certificate; c != nil {
		add("subject", c.Subject)
		add("dns", c.DNS)
		add("uri", c.URI)
		add("fingerprint", c.Fingerprint)
		add("authority", c.Authority.Path)
	}
	return strings.Join(all, ", ")
}

// rights says what an identity may do.
func rights(id *server.Identity) []string {
	var all []string
	if id.Caller.SID != 0 {
		all = append(all, fmt.Sprintf("SID 0x%08x", id.Caller.SID))
	}
	if id.Caller.SID == service.SoftwareInstallObserver {
		all = append(all, "reports what software installation has changed")
	}
	all = append(all, config.CapabilityNames(id.Caller.Capabilities)...)
	for _, p := range id.PlugIns {
		what := "dialog creator"
		if p.Kind == server.PolicyEvaluator {
			what = "policy evaluator"
		}
		all = append(all, fmt.Sprintf("may attach the %s 0x%08x", what, p.UID))
	}
	if id.Status {
		all = append(all, "status")
	}
	if id.Reload {
		all = append(all, "reload")
	}
	if len(all) == 0 {
		return []string{"no rights"}
	}
	return all
}
