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
}

func (p *parser) panel(n *yaml.Node) {
	p.config.Panel.Pos = p.Pos(n)
	p.section(n, "panel", yamlfile.Keys{
		"listen":        func(n *yaml.Node) { p.config.Panel.Listen = p.loopback(n, "listen", "8765") },
		"password-file": func(n *yaml.Node) { p.config.Panel.Password = p.path(n, "password-file") },
	}, "listen")
}

// loopback reads an address that only this machine reaches, and a port, which the hint
// names.
func (p *parser) loopback(n *yaml.Node, what, port string) string {
	text := p.Name(n, what)
	address, err := netip.ParseAddrPort(text)
	if text != "" && (err != nil || !address.Addr().IsLoopback()) {
		p.Fail(n, "write 127.0.0.1:"+port+", or [::1]:"+port+"; others reach it by a proxy, or by ssh -L",
			"%s is an address of the loopback interface and a port, not %q", what, text)
	}
	return text
}
