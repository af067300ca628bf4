package scenario

import (
	"encoding/hex"
	"strings"

	"go.yaml.in/yaml/v3"

	"ups/cmd/ups/internal/yamlfile"
	"ups/internal/yamlnode"
	"ups/policy"
)

// MaxFile is the size of the largest scenario file, in bytes.
const MaxFile = 4 << 20

// Parse reads a scenario file; path is what it is called. The error joins an
// *Error for each mistake.
func Parse(path string, text []byte) (*File, error) {
	p := &parser{Reader: yamlfile.New(path), File: &File{
		Path:    path,
		clients: map[string]client{},
		plugIns: plugIns{map[uint32]script{}, map[uint32]bool{}, map[uint32]bool{}},
	}, services: map[string]policy.Service{}, scenarioNames: map[string]bool{}}
	if doc := p.Document(text); doc != nil {
		p.top(doc)
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	return p.File, nil
}

// parser fills a File.
type parser struct {
	yamlfile.Reader
	*File
	services map[string]policy.Service
	// scenarioNames are those of the scenarios so far.
	scenarioNames map[string]bool
	server        *uint32         // that requests are for if they don't say it
	service       *policy.Service // the same
}

// top reads the whole. The scenarios come last, wherever they stand: they use
// the names that the rest declares.
func (p *parser) top(n *yaml.Node) {
	var scenarios, service *yaml.Node
	p.Keys(n, "a scenario file", yamlfile.Keys{
		"store":      p.store,
		"server":     func(n *yaml.Node) { id := p.ID(n, "server"); p.server = &id },
		"service":    func(n *yaml.Node) { service = n },
		"services":   p.serviceNames,
		"clients":    p.clientNames,
		"evaluators": p.evaluators,
		"creators":   p.creators,
		"scenarios":  func(n *yaml.Node) { scenarios = n },
	})
	if service != nil {
		p.defaultService(service)
	}
	if p.rom == nil {
		p.rom = []named{{p.Pos(n), "."}}
	}
	switch {
	case scenarios == nil && len(p.Mistakes) == 0: // else the key may be misspelt
		p.Fail(n, "write scenarios: and a list", "no scenarios")
	case scenarios != nil && scenarios.Kind == yaml.SequenceNode && len(scenarios.Content) == 0:
		p.Fail(scenarios, "", "no scenarios in the list") // a file that tests nothing must not pass
	case scenarios != nil:
		p.List(scenarios, "scenarios", p.scenario)
	}
}

// store reads where the policies are.
func (p *parser) store(n *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		p.rom = p.paths(n, "store")
		return
	}
	p.Keys(n, "store", yamlfile.Keys{
		"rom":    func(n *yaml.Node) { p.rom = p.paths(n, "rom") },
		"system": func(n *yaml.Node) { p.system = p.paths(n, "system") },
		"include": func(n *yaml.Node) {
			for _, dir := range p.paths(n, "include") {
				p.include = append(p.include, dir.path)
			}
		},
	})
}

// paths reads a path or a list of them.
func (p *parser) paths(n *yaml.Node, what string) []named {
	list := []named{}
	p.ListOrOne(n, func(n *yaml.Node) { list = append(list, named{p.Pos(n), p.Name(n, what)}) })
	return list
}

func (p *parser) serviceNames(n *yaml.Node) {
	p.Entries(n, "services", func(key, value *yaml.Node) {
		id, ok := parseService(value.Value)
		if !yamlnode.IsScalar(value) || !ok {
			p.Fail(value, "", "a service is 0xSERVER/0xSERVICE, such as 0x101f7f1f/0x1000a00a, not %s", yamlnode.Show(value))
		}
		p.services[key.Value] = id
		if p.service = &id; len(p.services) > 1 {
			p.service = nil // which of them must be said
		}
	})
}

// parseService reads the SID of a system server and the UID of a service.
func parseService(s string) (policy.Service, bool) {
	server, service, _ := strings.Cut(s, "/")
	a, ok1 := yamlfile.ParseID(server)
	b, ok2 := yamlfile.ParseID(service)
	return policy.Service{Server: a, Service: b}, ok1 && ok2
}

func (p *parser) defaultService(n *yaml.Node) {
	if id, ok := p.serviceRef(n, p.server); ok {
		p.service = &id
	}
}

// serviceRef reads which service is meant: by a name, by both ids, or by its
// UID within a server.
func (p *parser) serviceRef(n *yaml.Node, server *uint32) (policy.Service, bool) {
	s := p.Name(n, "service")
	if id, ok := p.services[s]; ok {
		return id, true
	}
	if id, ok := parseService(s); ok {
		return id, true
	}
	uid, ok := yamlfile.ParseID(s)
	switch {
	case ok && server != nil:
		return policy.Service{Server: *server, Service: uid}, true
	case ok:
		p.Fail(n, "give server: too, or write 0xSERVER/0xSERVICE", "of which server is the service %s?", s)
	case s != "":
		p.unknownName(n, "service", s, names(p.services))
	}
	return policy.Service{}, false
}

func (p *parser) clientNames(n *yaml.Node) {
	p.Entries(n, "clients", func(key, value *yaml.Node) { p.clients[key.Value] = p.client(value) })
}

// client reads a SID, or all of a client.
func (p *parser) client(n *yaml.Node) client {
	c := client{drive: 'c'}
	if n.Kind != yaml.MappingNode {
		c.sid = p.ID(n, "client")
		return c
	}
	given := false
	p.Keys(n, "a client", yamlfile.Keys{
		"sid":    func(n *yaml.Node) { c.sid, given = p.ID(n, "sid"), true },
		"vendor": func(n *yaml.Node) { c.vendor = p.ID(n, "vendor") },
		"drive":  func(n *yaml.Node) { c.drive = p.drive(n) },
		"gone":   func(n *yaml.Node) { c.gone = p.Truth(n, "gone") },
	})
	if !given {
		p.Fail(n, "", "a client needs its sid")
	}
	return c
}

// drive reads the letter of a drive.
func (p *parser) drive(n *yaml.Node) byte {
	letter := strings.ToLower(n.Value)
	if !yamlnode.IsScalar(n) || len(letter) != 1 || letter[0] < 'a' || letter[0] > 'z' {
		p.Fail(n, "z is the ROM drive, c the system drive", "a drive is one letter, not %s", yamlnode.Show(n))
		return 'c'
	}
	return letter[0]
}

// clientRef reads which client is meant: by a name or by its SID.
func (p *parser) clientRef(n *yaml.Node) client {
	s := p.Name(n, "client")
	if c, ok := p.clients[s]; ok {
		return c
	}
	sid, ok := yamlfile.ParseID(s)
	if !ok && s != "" {
		p.unknownName(n, "client", s, names(p.clients))
	}
	return client{sid: sid, drive: 'c'}
}

func (p *parser) evaluators(n *yaml.Node) {
	p.Entries(n, "evaluators", func(key, value *yaml.Node) {
		uid, ok := yamlfile.ParseID(key.Value)
		switch {
		case !ok:
			p.ID(key, "evaluator")
		case uid == 0:
			p.Fail(key, "", "the evaluator 0x00000000 is the built-in one, which nobody replaces")
		case yamlnode.IsScalar(value):
			p.Choice(value, "evaluator", "missing")
			p.plugIns.missingEvaluators[uid] = true
		default:
			var m script
			p.Keys(value, "an evaluator", p.script(&m))
			p.plugIns.evaluators[uid] = m
		}
	})
}

func (p *parser) creators(n *yaml.Node) {
	p.Entries(n, "creators", func(key, value *yaml.Node) {
		uid := p.ID(key, "creator")
		p.Choice(value, "creator", "missing")
		p.plugIns.missingCreators[uid] = true
	})
}

// script returns the keys of how an evaluator behaves.
func (p *parser) script(m *script) yamlfile.Keys {
	return yamlfile.Keys{
		"fingerprints": func(n *yaml.Node) {
			m.fingerprints = []fingerprint{}
			p.List(n, "fingerprints", func(n *yaml.Node) { m.fingerprints = append(m.fingerprints, p.fingerprint(n)) })
		},
		"entity": func(n *yaml.Node) { s := p.bytes(n, "entity"); m.entity = &s },
		"force":  func(n *yaml.Node) { b := p.Truth(n, "force"); m.force = &b },
		"info":   func(n *yaml.Node) { v := uint32(p.Number(n, "info", 1<<32-1)); m.info = &v },
	}
}

func (p *parser) fingerprint(n *yaml.Node) fingerprint {
	if n.Kind != yaml.MappingNode {
		return fingerprint{text: p.bytes(n, "fingerprint")}
	}
	var f fingerprint
	p.Keys(n, "a fingerprint", yamlfile.Keys{
		"text":        func(n *yaml.Node) { f.text = p.bytes(n, "text") },
		"description": func(n *yaml.Node) { f.description = p.Text(n, "description") },
	})
	return f
}

// bytes reads bytes: those of a text, or of digits after hex:.
func (p *parser) bytes(n *yaml.Node, what string) string {
	s := p.Text(n, what)
	digits, isHex := strings.CutPrefix(s, "hex:")
	if !isHex {
		return s
	}
	b, err := hex.DecodeString(digits)
	if err != nil {
		p.Fail(n, "", "%s: after hex: stand two hexadecimal digits for each byte", what)
	}
	return string(b)
}
