package config

import (
	"net/netip"
	"net/url"
	"strconv"
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

// Traces says where traces of requests are sent. Without any the endpoint is empty.
type Traces struct {
	Endpoint string  // URL that takes OTLP over HTTP
	Sample   float64 // how many of the requests are traced, above 0 to 1
	Mask     service.Mask
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

func (p *parser) traces(n *yaml.Node) {
	t := &p.config.Traces
	t.Sample = 1
	p.section(n, "traces", yamlfile.Keys{
		"endpoint": func(n *yaml.Node) { t.Endpoint = p.endpoint(n) },
		"sample":   func(n *yaml.Node) { t.Sample = p.fraction(n, "sample") },
		"mask":     func(n *yaml.Node) { p.mask(n, &t.Mask) },
	}, "endpoint")
}

// endpoint reads a URL that traces may be sent to: on the way to other machines they
// are to be secret.
func (p *parser) endpoint(n *yaml.Node) string {
	text := p.Name(n, "endpoint")
	u, err := url.Parse(text)
	switch {
	case text == "":
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		p.Fail(n, "write http://127.0.0.1:4318/v1/traces, or https and the name of another machine",
			"endpoint is a URL, of http or https, not %q", text)
	case u.Scheme == "http" && !Loopback(u.Hostname()):
		p.Fail(n, "write https, or send them to a collector on this machine", "traces are sent to other machines by https only, not to %q", text)
	}
	return text
}

// Loopback reports whether a name of a host, or an address, is this machine's own.
func Loopback(name string) bool {
	address, err := netip.ParseAddr(name)
	return name == "localhost" || err == nil && address.IsLoopback()
}

// fraction reads a number above 0, up to 1.
func (p *parser) fraction(n *yaml.Node, what string) float64 {
	f, err := strconv.ParseFloat(n.Value, 64)
	if n.Kind != yaml.ScalarNode || err != nil || !(f > 0 && f <= 1) {
		p.Fail(n, "1 is all, 0.01 one of a hundred", "%s is a number above 0, up to 1, not %q", what, n.Value)
	}
	return f
}
