package config

import (
	"log/slog"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"ups/cmd/ups/internal/yamlfile"
	"ups/internal/yamlnode"
)

// Accounts finds users and groups by their names.
type Accounts interface {
	User(name string) (uid uint32, ok bool)
	Group(name string) (gid uint32, ok bool)
}

// Parse reads a configuration; path is what it is called. The error joins a
// *yamlfile.Error for each mistake.
func Parse(path string, text []byte, accounts Accounts) (*Config, error) {
	p := &parser{
		Reader: yamlfile.New(path), accounts: accounts,
		config: &Config{Path: path, Stop: defaultStop},
	}
	if doc := p.Document(text); doc != nil {
		p.file(doc)
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	return p.config, nil
}

// parser fills a Config.
type parser struct {
	yamlfile.Reader
	accounts Accounts
	config   *Config
	logLevel *yaml.Node // the level of the log, if it is given
	byPanel  *yaml.Node // a creator that is the control panel, if there is one
}

// section reads a mapping that must have some of its keys.
func (p *parser) section(n *yaml.Node, what string, keys yamlfile.Keys, required ...string) {
	given, mistakes := map[string]bool{}, len(p.Mistakes)
	noted := yamlfile.Keys{}
	for name, read := range keys {
		noted[name] = func(n *yaml.Node) {
			given[name] = true
			read(n)
		}
	}
	p.Keys(n, what, noted)
	missing := slices.DeleteFunc(required, func(name string) bool { return given[name] })
	if len(missing) > 0 && len(p.Mistakes) == mistakes { // else a key may be misspelt
		p.Fail(n, "", "%s needs %s", what, strings.Join(missing, ", "))
	}
}

func (p *parser) file(n *yaml.Node) {
	var identities *yaml.Node // read last: they refer to plug-ins
	p.section(n, "the configuration", yamlfile.Keys{
		"policies":     p.policies,
		"decisions":    func(n *yaml.Node) { p.config.Decisions = p.path(n, "decisions") },
		"listen":       func(n *yaml.Node) { p.List(n, "listen", p.listener) },
		"identities":   func(n *yaml.Node) { identities = n },
		"plug-ins":     p.plugIns,
		"limits":       p.limits,
		"deadlines":    p.deadlines,
		"panel":        p.panel,
		"answers":      p.answers,
		"metrics":      p.metrics,
		"decision-log": p.decisionLog,
		"traces":       p.traces,
		"idle":         p.idle,
		"stop":         func(n *yaml.Node) { p.config.Stop = p.duration(n, "stop") },
		"log":          p.log,
	}, "policies", "decisions", "listen", "identities")
	if identities != nil {
		p.List(identities, "identities", p.identity)
	}
	if p.byPanel != nil && p.config.Panel.Listen == "" && len(p.Mistakes) == 0 {
		p.Fail(p.byPanel, "write panel: {listen: 127.0.0.1:8765}", "the creator is the control panel, and there is none")
	}
	if p.config.Panel.Listen != "" && p.config.Panel.Password.Path == "" && p.config.Log.Level > slog.LevelInfo {
		p.Fail(p.logLevel, "write level: info, or give the panel a password-file",
			"the control panel is entered by links that are logged, and at this level they aren't")
	}
	if len(p.config.Listen) == 0 && len(p.Mistakes) == 0 {
		p.Fail(n, "write listen: [{unix: /run/ups/ups.sock}]", "nothing to listen on: listen is empty")
	}
}

func (p *parser) policies(n *yaml.Node) {
	if yamlnode.IsScalar(n) {
		p.Fail(n, "write {rom: "+n.Value+"}", "policies is a mapping, of keys and values")
		return
	}
	p.section(n, "policies", yamlfile.Keys{
		"rom":    func(n *yaml.Node) { p.config.ROM = p.path(n, "rom") },
		"system": func(n *yaml.Node) { p.config.System = p.path(n, "system") },
	}, "rom")
}

// path reads a path, as seen from the folder of the configuration.
func (p *parser) path(n *yaml.Node, what string) Name {
	path := filepath.FromSlash(p.Name(n, what))
	if path != "" && !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(p.config.Path), path)
	}
	return Name{path, p.Pos(n)}
}

func (p *parser) idle(n *yaml.Node) {
	if n.Value == "never" {
		p.config.Idle = Never
		return
	}
	p.config.Idle = p.duration(n, "idle")
}
