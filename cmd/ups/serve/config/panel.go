package config

import (
	"net/netip"

	"go.yaml.in/yaml/v3"

	"ups/cmd/ups/internal/yamlfile"
	"ups/diag"
)

// Panel says where the control panel is. Without one Listen is empty.
type Panel struct {
	Pos diag.Pos
	// Listen is an address of the loopback interface, and a port; 0 is any that is free.
	Listen string
	// Password is the file of the password's hash. It may be empty.
	Password Name
	Names    Names
}

// Names are what people know clients and system servers by, by their SIDs, and
// services, by their UIDs.
type Names struct{ Clients, Servers, Services map[uint32]string }

func (p *parser) panel(n *yaml.Node) {
	p.config.Panel.Pos = p.Pos(n)
	p.section(n, "panel", yamlfile.Keys{
		"listen":        func(n *yaml.Node) { p.config.Panel.Listen = p.loopback(n, "listen", "8765") },
		"password-file": func(n *yaml.Node) { p.config.Panel.Password = p.path(n, "password-file") },
		"names":         p.names,
	}, "listen")
}

func (p *parser) names(n *yaml.Node) {
	of := &p.config.Panel.Names
	p.Keys(n, "names", yamlfile.Keys{
		"clients":  func(n *yaml.Node) { of.Clients = p.named(n, "clients", "the SID of a client") },
		"servers":  func(n *yaml.Node) { of.Servers = p.named(n, "servers", "the SID of a system server") },
		"services": func(n *yaml.Node) { of.Services = p.named(n, "services", "the UID of a service") },
	})
}

// named reads names by SIDs or UIDs.
func (p *parser) named(n *yaml.Node, what, key string) map[uint32]string {
	all := map[uint32]string{}
	p.Entries(n, what, func(k, v *yaml.Node) {
		id := p.ID(k, key)
		if _, twice := all[id]; twice && len(p.Mistakes) == 0 {
			p.Fail(k, "", "%s is named twice", k.Value)
		}
		all[id] = p.Name(v, "a name")
	})
	return all
}

// loopback reads an address that only this machine reaches, and a port, which the hint
// names.
func (p *parser) loopback(n *yaml.Node, what, port string) string {
	text := p.Name(n, what)
	address, err := netip.ParseAddrPort(text)
	if text != "" && (err != nil || !address.Addr().IsLoopback()) {
		p.Fail(n, "write 127.0.0.1:"+port+", or [::1]:"+port+"; other machines reach it by ssh -L",
			"%s is an address of the loopback interface and a port, not %q", what, text)
	}
	return text
}
