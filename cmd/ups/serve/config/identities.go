package config

import (
	"encoding/hex"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"ups/cmd/ups/internal/yamlfile"
	"ups/runtime/server"
	"ups/runtime/service"
)

func (p *parser) identity(n *yaml.Node) {
	id := Identity{Pos: p.Pos(n)}
	hasSID := false
	mistakes := len(p.Mistakes)
	p.section(n, "an identity", yamlfile.Keys{
		"name":         func(n *yaml.Node) { id.Name = p.Name(n, "name") },
		"uid":          func(n *yaml.Node) { v := p.account(n, "uid", p.accounts.User); id.Match.UID = &v },
		"gid":          func(n *yaml.Node) { v := p.account(n, "gid", p.accounts.Group); id.Match.GID = &v },
		"executable":   func(n *yaml.Node) { id.Match.Executable = p.executable(n) },
		"unit":         func(n *yaml.Node) { id.Match.Unit = p.unit(n) },
		"certificate":  func(n *yaml.Node) { id.Match.Certificate = p.certificate(n) },
		"sid":          func(n *yaml.Node) { id.Caller.SID, hasSID = p.ID(n, "sid"), true },
		"capabilities": func(n *yaml.Node) { id.Caller.Capabilities = p.capabilities(n) },
		"attach":       func(n *yaml.Node) { id.PlugIns = p.attach(n) },
		"status":       func(n *yaml.Node) { id.Status = p.Truth(n, "status") },
		"reload":       func(n *yaml.Node) { id.Reload = p.Truth(n, "reload") },
	}, "name")
	if len(p.Mistakes) > mistakes {
		return
	}
	p.conditions(n, &id.Match)
	if id.Caller.Capabilities&service.ProtServ != 0 && !hasSID {
		p.Fail(n, "", "a caller with ProtServ is a system server, and needs its sid")
	}
	p.shadow(n, &id)
	p.config.Identities = append(p.config.Identities, id)
}

// conditions refuses those that anybody could meet.
func (p *parser) conditions(n *yaml.Node, m *Match) {
	process := m.UID != nil || m.GID != nil || m.Executable != "" || m.Unit != ""
	switch {
	case m.Certificate != nil && process:
		p.Fail(n, "write two identities", "a caller has a certificate or is a process of this machine, not both")
	case m.Certificate == nil && !process:
		p.Fail(n, "give uid, gid or certificate", "the identity doesn't say who has it")
	case m.Certificate == nil && m.UID == nil && m.GID == nil:
		p.Fail(n, "add the user that it runs as", "an executable or a unit alone is no identity: it needs a uid or a gid beside it")
	}
}

// shadow refuses a name that is there already, and an identity that nobody gets
// since an earlier one matches whom it does.
func (p *parser) shadow(n *yaml.Node, id *Identity) {
	for i := range p.config.Identities {
		earlier := &p.config.Identities[i]
		switch {
		case earlier.Name == id.Name:
			p.Fail(n, "", "there are two identities %s", id.Name)
			return
		case earlier.Match.covers(&id.Match):
			p.Fail(n, "put the narrower one first", "nobody gets the identity %s: %s, above, matches all that it does", id.Name, earlier.Name)
			return
		}
	}
}

// covers reports whether conditions hold wherever the others do.
func (m *Match) covers(o *Match) bool {
	c, d := m.Certificate, o.Certificate
	if c != nil || d != nil {
		return c != nil && d != nil && same(c.Subject, d.Subject) && same(c.DNS, d.DNS) && same(c.URI, d.URI) && same(c.Fingerprint, d.Fingerprint) &&
			same(c.Authority.Path, d.Authority.Path)
	}
	return sameID(m.UID, o.UID) && sameID(m.GID, o.GID) && same(m.Executable, o.Executable) && same(m.Unit, o.Unit)
}

// same reports whether a condition holds wherever the other one does.
func same(mine, other string) bool { return mine == "" || mine == other }

func sameID(mine, other *uint32) bool { return mine == nil || other != nil && *mine == *other }

func (p *parser) executable(n *yaml.Node) string {
	path := p.Name(n, "executable")
	if path != "" && (!filepath.IsAbs(path) || filepath.Clean(path) != path) {
		p.Fail(n, "", "an executable is a path from the root, without . and .., and %s is not", path)
	}
	return path
}

func (p *parser) unit(n *yaml.Node) string {
	unit := p.Name(n, "unit")
	if unit != "" && !strings.HasSuffix(unit, ".service") && !strings.HasSuffix(unit, ".scope") {
		p.Fail(n, "write the whole name, such as "+strings.TrimSuffix(unit, ".")+".service", "unit is the name of a service or a scope of systemd")
	}
	return unit
}

func (p *parser) certificate(n *yaml.Node) *Certificate {
	c := &Certificate{}
	mistakes := len(p.Mistakes)
	p.Keys(n, "certificate", yamlfile.Keys{
		"subject":     func(n *yaml.Node) { c.Subject = p.Name(n, "subject") },
		"dns":         func(n *yaml.Node) { c.DNS = p.Name(n, "dns") },
		"uri":         func(n *yaml.Node) { c.URI = p.Name(n, "uri") },
		"fingerprint": func(n *yaml.Node) { c.Fingerprint = p.fingerprint(n) },
		"authority":   func(n *yaml.Node) { c.Authority = p.path(n, "authority") },
	})
	if *c == (Certificate{}) && len(p.Mistakes) == mistakes {
		p.Fail(n, "give subject, dns, uri, fingerprint or authority", "any certificate would do")
	}
	return c
}

// fingerprint reads a SHA-256, which openssl writes with colons.
func (p *parser) fingerprint(n *yaml.Node) string {
	digits := strings.ToLower(strings.ReplaceAll(p.Name(n, "fingerprint"), ":", ""))
	if b, err := hex.DecodeString(digits); err != nil || len(b) != 32 {
		p.Fail(n, "openssl x509 -noout -fingerprint -sha256 -in FILE prints it", "fingerprint is a SHA-256, 64 hexadecimal digits")
	}
	return digits
}

// capabilityNames are those that the service asks for.
var capabilityNames = []string{"ProtServ", "ReadDeviceData", "WriteDeviceData", "AllFiles"}

func capability(name string) service.Capabilities {
	return []service.Capabilities{service.ProtServ, service.ReadDeviceData, service.WriteDeviceData, service.AllFiles}[slices.Index(capabilityNames, name)]
}

func (p *parser) capabilities(n *yaml.Node) (all service.Capabilities) {
	p.List(n, "capabilities", func(n *yaml.Node) {
		if name, ok := p.OneOf(n, "a capability", capabilityNames...); ok {
			all |= capability(name)
		}
	})
	return all
}

// attach reads the plug-ins that a caller may be.
func (p *parser) attach(n *yaml.Node) (all []server.PlugIn) {
	of := func(kind server.PlugInKind, what string, known map[uint32]PlugIn) func(*yaml.Node) {
		return func(n *yaml.Node) {
			p.List(n, what, func(n *yaml.Node) {
				uid := p.ID(n, "a plug-in")
				if known[uid] != Attached {
					p.Fail(n, "write "+n.Value+": attached below plug-ins and "+what, "%s isn't among the %s that attach themselves", n.Value, what)
				}
				all = append(all, server.PlugIn{Kind: kind, UID: uid})
			})
		}
	}
	p.Keys(n, "attach", yamlfile.Keys{
		"evaluators": of(server.PolicyEvaluator, "evaluators", p.config.PlugIns.Evaluators),
		"creators":   of(server.DialogCreator, "creators", p.config.PlugIns.Creators),
	})
	return all
}

// CapabilityNames returns the names of a set of capabilities.
func CapabilityNames(of service.Capabilities) (names []string) {
	for _, name := range capabilityNames {
		if of&capability(name) != 0 {
			names = append(names, name)
		}
	}
	return names
}
