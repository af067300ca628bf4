package config

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"ups/cmd/ups/internal/yamlfile"
	"ups/runtime/service"
)

// DecisionLog says where decisions are logged beside the log. Without one the path of
// File is empty.
type DecisionLog struct {
	File Name // its path is Stdout for standard output
	Mask service.Mask
}

// Stdout is the path that stands for standard output.
const Stdout = "-"

// metrics reads where the metrics are. They tell how much the service does, to whoever
// reads them: other machines can't, but through what is set up for them.
func (p *parser) metrics(n *yaml.Node) {
	l := &p.config.Metrics
	*l = Listener{Pos: p.Pos(n), Owner: -1, Group: -1, Mode: 0o660}
	p.section(n, "metrics", yamlfile.Keys{
		"listen": func(n *yaml.Node) {
			path, unix := strings.CutPrefix(n.Value, "unix:")
			if !unix {
				l.TCP = p.loopback(n, "listen", "9464")
				return
			}
			of := *n
			of.Value = path
			l.Unix = p.socket(&of)
		},
	}, "listen")
}

func (p *parser) decisionLog(n *yaml.Node) {
	l := &p.config.DecisionLog
	p.section(n, "decision-log", yamlfile.Keys{
		"file": func(n *yaml.Node) {
			if l.File = p.path(n, "file"); n.Value == Stdout {
				l.File.Path = Stdout
			}
		},
		"mask": func(n *yaml.Node) { p.mask(n, &l.Mask) },
	}, "file")
}
