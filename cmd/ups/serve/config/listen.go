package config

import (
	"net"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"

	"ups/cmd/ups/internal/yamlfile"
	"ups/internal/yamlnode"
)

// maxSocketPath is how long the path of a Unix socket can be, in bytes: what
// sockaddr_un holds where it holds least, beside a zero.
const maxSocketPath = 103

func (p *parser) listener(n *yaml.Node) {
	l := Listener{Pos: p.Pos(n), Owner: -1, Group: -1, Mode: 0o660}
	unix := yamlfile.Keys{
		"owner": func(n *yaml.Node) { l.Owner = int(p.account(n, "owner", p.accounts.User)) },
		"group": func(n *yaml.Node) { l.Group = int(p.account(n, "group", p.accounts.Group)) },
		"mode":  func(n *yaml.Node) { l.Mode = p.mode(n) },
	}
	tcp := yamlfile.Keys{
		"certificate": func(n *yaml.Node) { l.TLS.Certificate = p.path(n, "certificate") },
		"key":         func(n *yaml.Node) { l.TLS.Key = p.path(n, "key") },
		"clients":     func(n *yaml.Node) { l.TLS.Clients = p.path(n, "clients") },
	}
	both := yamlfile.Keys{
		"unix": func(n *yaml.Node) { l.Unix = p.socket(n) },
		"tcp":  func(n *yaml.Node) { l.TCP = p.address(n) },
		"name": func(n *yaml.Node) { l.Name = p.Name(n, "name") },
	}
	mistakes := len(p.Mistakes)
	switch {
	case has(n, "unix") && has(n, "tcp"):
		p.Fail(n, "write two, one of each", "a listener has unix or tcp, not both")
	case has(n, "tcp"):
		p.section(n, "a TCP listener", both.And(tcp), "certificate", "key", "clients")
	default:
		p.Keys(n, "a listener", both.And(unix))
		if !has(n, "unix") && len(p.Mistakes) == mistakes { // else the key may be misspelt
			p.Fail(n, "", "a listener needs unix or tcp")
		}
	}
	if len(p.Mistakes) > mistakes {
		return
	}
	if slices.ContainsFunc(p.config.Listen, func(o Listener) bool { return o.Unix == l.Unix && o.TCP == l.TCP }) {
		p.Fail(n, "", "%s%s is listened on twice", l.Unix, l.TCP)
	}
	p.config.Listen = append(p.config.Listen, l)
}

// has reports whether a mapping has a key.
func has(n *yaml.Node, name string) bool {
	for key := range yamlnode.Pairs(n) {
		if key.Value == name {
			return true
		}
	}
	return false
}

// socket reads the path of a Unix socket.
func (p *parser) socket(n *yaml.Node) string {
	if n.Value != "" && n.Value[0] == '@' {
		p.Fail(n, "give a path", "%s is a socket without a file, which has no owner and no mode", n.Value)
		return ""
	}
	path := p.path(n, "unix").Path
	if len(path) > maxSocketPath {
		p.Fail(n, "", "the path of a socket has up to %d bytes, and this is longer", maxSocketPath)
	}
	return path
}

// address reads a host, which may be empty, and a port.
func (p *parser) address(n *yaml.Node) string {
	address := p.Name(n, "tcp")
	_, port, err := net.SplitHostPort(address)
	if _, invalid := strconv.ParseUint(port, 10, 16); address != "" && (err != nil || invalid != nil) {
		p.Fail(n, "write a host and a port, such as 192.0.2.1:7443, or :7443 for all addresses", "tcp can't be %s", address)
	}
	return address
}

// mode reads the mode of a file, in octal digits.
func (p *parser) mode(n *yaml.Node) uint32 {
	v, err := strconv.ParseUint(p.Text(n, "mode"), 8, 32)
	if err != nil || v > 0o777 {
		p.Fail(n, "", "mode is up to 0777, in octal digits, such as 0660")
	}
	return uint32(v)
}

// account reads the number of a user or group, or its name.
func (p *parser) account(n *yaml.Node, what string, find func(string) (uint32, bool)) uint32 {
	name := p.Name(n, what)
	if id, err := strconv.ParseUint(name, 10, 32); err == nil && id < 1<<32-1 { // the last one means none
		return uint32(id)
	}
	id, ok := find(name)
	if !ok && name != "" {
		p.Fail(n, "", "%s: there is no %s", what, name)
	}
	return id
}
