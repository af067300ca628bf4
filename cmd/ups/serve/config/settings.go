package config

import (
	"log/slog"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"ups/cmd/ups/internal/yamlfile"
	"ups/runtime/server"
	"ups/runtime/service"
)

func (p *parser) plugIns(n *yaml.Node) {
	p.Keys(n, "plug-ins", yamlfile.Keys{
		"evaluators": func(n *yaml.Node) { p.config.PlugIns.Evaluators = p.byUID(n, "evaluator", Attached, Destination) },
		"creators": func(n *yaml.Node) {
			p.config.PlugIns.Creators = p.byUID(n, "creator", Attached, Terminal, Desktop, ByPanel)
		},
	})
}

// byUID reads what the plug-ins of a kind are.
func (p *parser) byUID(n *yaml.Node, what string, kinds ...PlugIn) map[uint32]PlugIn {
	names := make([]string, len(kinds))
	for i, kind := range kinds {
		names[i] = string(kind)
	}
	all := map[uint32]PlugIn{}
	p.Entries(n, what+"s", func(key, value *yaml.Node) {
		uid := p.ID(key, "the UID of a plug-in")
		_, twice := all[uid]
		switch {
		case uid == 0 && what == "evaluator" && len(p.Mistakes) == 0:
			p.Fail(key, "", "the evaluator 0x00000000 is the built-in one, which nobody replaces")
		case twice:
			p.Fail(key, "", "%s is given twice", key.Value)
		}
		all[uid] = PlugIn(p.Choice(value, "the "+what, names...))
		if all[uid] == ByPanel {
			p.byPanel = value
		}
	})
	return all
}

func (p *parser) limits(n *yaml.Node) {
	l := &p.config.Limits
	number := func(to *int, what string, most uint64) func(*yaml.Node) {
		return func(n *yaml.Node) { *to = p.positive(n, what, most, "the default") }
	}
	const many = 10_000_000
	p.Keys(n, "limits", yamlfile.Keys{
		"connections":     number(&l.Connections, "connections", many),
		"all-connections": number(&l.AllConnections, "all-connections", many),
		"sessions":        number(&l.Sessions, "sessions", many),
		"subsessions":     number(&l.Subsessions, "subsessions", many),
		"requests":        number(&l.Requests, "requests", many),
		"message-bytes":   func(n *yaml.Node) { l.MessageBytes = p.messageBytes(n) },
		"burst":           number(&l.Burst, "burst", many),
		"rate":            func(n *yaml.Node) { l.Rate = float64(p.positive(n, "rate", many, "the default")) },
	})
}

// messageBytes reads the size of a message, in which programs put several requests.
func (p *parser) messageBytes(n *yaml.Node) int {
	b := p.positive(n, "message-bytes", 16<<20, "the default")
	if b > 0 && b < server.LeastMessageBytes {
		p.Fail(n, "for the default leave it out", "message-bytes is at least %d: programs put several requests into one message", server.LeastMessageBytes)
	}
	return b
}

// positive reads a number from 1 to a limit; leaving it out means what without says.
func (p *parser) positive(n *yaml.Node, what string, most uint64, without string) int {
	if v, err := strconv.ParseInt(n.Value, 0, 64); err == nil && v <= 0 {
		p.Fail(n, "for "+without+" leave it out", "%s is at least 1", what)
		return 0
	}
	return int(p.Number(n, what, most))
}

func (p *parser) deadlines(n *yaml.Node) {
	l := &p.config.Deadlines
	keys := yamlfile.Keys{}
	for name, to := range map[string]*time.Duration{
		"evaluate": &l.Evaluate, "prepare": &l.Prepare, "display": &l.Display, "grace": &l.Grace,
	} {
		keys[name] = func(n *yaml.Node) { *to = p.duration(n, name) }
	}
	p.Keys(n, "deadlines", keys)
}

func (p *parser) log(n *yaml.Node) {
	l := &p.config.Log
	p.Keys(n, "log", yamlfile.Keys{
		"format": func(n *yaml.Node) { l.JSON = p.Choice(n, "format", "text", "json") == "json" },
		"level": func(n *yaml.Node) {
			if name, ok := p.OneOf(n, "level", "debug", "info", "warn", "error"); ok {
				l.Level, p.logLevel = level(name), n
			}
		},
		"mask": func(n *yaml.Node) { p.mask(n, &l.Mask) },
	})
}

func level(name string) (l slog.Level) {
	_ = l.UnmarshalText([]byte(strings.ToUpper(name))) // it is one of slog's
	return l
}

func (p *parser) mask(n *yaml.Node, to *service.Mask) {
	p.List(n, "mask", func(n *yaml.Node) {
		switch p.Choice(n, "a masked field", "client", "destination", "entity") {
		case "client":
			*to |= service.MaskClient
		case "destination":
			*to |= service.MaskDestination
		case "entity":
			*to |= service.MaskEntity
		}
	})
}
