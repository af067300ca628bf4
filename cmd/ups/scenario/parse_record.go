package scenario

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"ups/cmd/ups/internal/yamlfile"
	"ups/runtime/decision"
)

// record reads a record. Of one that is expected, what isn't given may be
// anything.
func (p *parser) record(n *yaml.Node) *record {
	r := &record{pos: p.Pos(n)}
	server := p.server
	var service *yaml.Node
	p.Keys(n, "a record", yamlfile.Keys{
		"client":      p.idField(r, "client", func(n *yaml.Node) { r.Client = p.clientRef(n).sid }, func(r *decision.Record) uint32 { return r.Client }),
		"evaluator":   p.idField(r, "evaluator", func(n *yaml.Node) { r.Evaluator, r.hasEvaluator = p.ID(n, "evaluator"), true }, func(r *decision.Record) uint32 { return r.Evaluator }),
		"server":      p.idField(r, "server", func(n *yaml.Node) { r.Server = p.ID(n, "server"); server = &r.Server }, func(r *decision.Record) uint32 { return r.Server }),
		"service":     func(n *yaml.Node) { service = n },
		"fingerprint": p.field(r, "fingerprint", func(n *yaml.Node) { r.Fingerprint = p.bytes(n, "fingerprint") }, func(r *decision.Record) string { return showBytes(r.Fingerprint) }),
		"entity":      p.field(r, "entity", func(n *yaml.Node) { r.Entity = p.bytes(n, "entity") }, func(r *decision.Record) string { return showBytes(r.Entity) }),
		"description": p.field(r, "description", func(n *yaml.Node) { r.Description = p.Text(n, "description") }, func(r *decision.Record) string { return strconv.Quote(r.Description) }),
		"result":      p.field(r, "result", func(n *yaml.Node) { r.Result = p.result(n) }, func(r *decision.Record) string { return r.Result.String() }),
		"major":       p.field(r, "major", func(n *yaml.Node) { r.Major, r.hasMajor = uint16(p.Number(n, "major", 1<<16-1)), true }, func(r *decision.Record) string { return fmt.Sprint(r.Major) }),
		"info":        p.field(r, "info", func(n *yaml.Node) { r.Info = uint32(p.Number(n, "info", 1<<32-1)) }, func(r *decision.Record) string { return fmt.Sprint(r.Info) }),
	})
	if service != nil {
		p.recordService(r, service, server)
	}
	return r
}

// field returns what takes a field of a record.
func (p *parser) field(r *record, name string, set func(*yaml.Node), show func(*decision.Record) string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		set(n)
		r.fields = append(r.fields, recordField{name, show})
	}
}

func (p *parser) idField(r *record, name string, set func(*yaml.Node), get func(*decision.Record) uint32) func(*yaml.Node) {
	return p.field(r, name, set, func(r *decision.Record) string { return hexID(get(r)) })
}

// recordService reads the service; a name or a pair says the server too.
func (p *parser) recordService(r *record, n *yaml.Node, server *uint32) {
	id, ok := p.serviceRef(n, server)
	if !ok {
		return
	}
	r.Server, r.Service = id.Server, id.Service
	if !r.has("server") {
		r.fields = append(r.fields, recordField{"server", func(r *decision.Record) string { return hexID(r.Server) }})
	}
	r.fields = append(r.fields, recordField{"service", func(r *decision.Record) string { return hexID(r.Service) }})
}

func (p *parser) result(n *yaml.Node) decision.Result {
	if p.Choice(n, "result", "always", "never") == "always" {
		return decision.Always
	}
	return decision.Never
}

// given reads a record that is stored before the first step. What its key
// needs besides the client and the result is filled in: the service if there
// is only one, and of the policy file the version and the evaluator.
func (p *parser) given(n *yaml.Node) *record {
	r := p.record(n)
	switch {
	case n.Kind != yaml.MappingNode:
	case !r.has("client") || !r.has("result"):
		p.Fail(n, "", "a record that is given needs a client and a result")
	case r.has("service"):
	case p.service != nil:
		r.Server, r.Service = p.service.Server, p.service.Service
	default:
		p.Fail(n, "give service:", "of which service is the record?")
	}
	return r
}

func (r *record) has(name string) bool {
	for _, f := range r.fields {
		if f.name == name {
			return true
		}
	}
	return false
}

func (p *parser) recordsStep(n *yaml.Node) step {
	s := &recordsStep{place: place{p.Pos(n)}}
	p.Keys(n, "a records step", yamlfile.Keys{"records": func(n *yaml.Node) {
		p.List(n, "records", func(n *yaml.Node) { s.want = append(s.want, p.record(n)) })
	}})
	return s
}

func hexID(v uint32) string { return fmt.Sprintf("0x%08x", v) }

// showBytes returns bytes as a text, if they are one.
func showBytes(s string) string {
	if !utf8.ValidString(s) {
		return "hex:" + hex.EncodeToString([]byte(s))
	}
	return strconv.Quote(s)
}
