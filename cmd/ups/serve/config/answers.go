package config

import (
	"go.yaml.in/yaml/v3"

	"ups/cmd/ups/internal/yamlfile"
	"ups/internal/yamlnode"
	"ups/runtime/decision"
	"ups/runtime/service"
)

// Answers say how stored answers age, of one service, of all services of a server
// (then the service is 0), or of all (then both are 0).
type Answers map[decision.Service]service.Ageing

// Ageing returns how the answers of a service age: what is said of the service, else
// of its server, else of all.
func (a Answers) Ageing(of decision.Service) service.Ageing {
	for _, key := range []decision.Service{of, {Server: of.Server}, {}} {
		if ageing, ok := a[key]; ok {
			return ageing
		}
	}
	return service.Ageing{}
}

func (p *parser) answers(n *yaml.Node) {
	p.config.Answers = Answers{}
	p.List(n, "answers", p.ageing)
}

func (p *parser) ageing(n *yaml.Node) {
	var of decision.Service
	var a service.Ageing
	if yamlnode.IsScalar(n) {
		p.Fail(n, "write {after: 30d}, or {uses: 100}", "an entry of answers says what it is that lets them age")
		return
	}
	mistakes := len(p.Mistakes)
	p.Keys(n, "an entry of answers", yamlfile.Keys{
		"server":  func(n *yaml.Node) { of.Server = p.nonzero(n, "server") },
		"service": func(n *yaml.Node) { of.Service = p.nonzero(n, "service") },
		"after":   func(n *yaml.Node) { a.After = p.age(n, "after") },
		"uses":    func(n *yaml.Node) { a.Uses = uint32(p.positive(n, "uses", 1<<32-1, "any number of uses")) },
		"program": func(n *yaml.Node) { a.Program = p.Truth(n, "program") },
	})
	_, twice := p.config.Answers[of]
	switch {
	case len(p.Mistakes) > mistakes:
	case of.Service != 0 && of.Server == 0:
		p.Fail(n, "services of several servers may have the same UID", "a service needs its server beside it")
	case twice:
		p.Fail(n, "", "an entry above is for the same answers")
	}
	p.config.Answers[of] = a
}

// nonzero reads a SID or UID that stands for one thing.
func (p *parser) nonzero(n *yaml.Node, what string) uint32 {
	mistakes := len(p.Mistakes)
	id := p.ID(n, what)
	if id == 0 && len(p.Mistakes) == mistakes {
		p.Fail(n, "for all leave it out", "%s can't be 0x00000000", what)
	}
	return id
}
