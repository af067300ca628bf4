package lint

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"ups/diag"
	"ups/grammar"
	"ups/internal/yamlnode"
)

// configParser fills a Config from the nodes of a file. It reports the first
// mistake.
type configParser struct {
	yamlnode.Walker
	files  Files
	config *Config
}

func newConfigParser(files Files, path string) *configParser {
	p := &configParser{files: files, config: &Config{Path: path, Rules: map[string]Setting{}}}
	p.Walker = yamlnode.Walker{Describe: p.describe, Max: 1}
	return p
}

// describe returns the message for what the walker finds wrong.
func (p *configParser) describe(f yamlnode.Fault) (message, hint string) {
	switch f.Kind {
	case yamlnode.NotMapping:
		return "want keys and values", ""
	case yamlnode.RepeatedKey:
		return f.Node.Value + " is given twice", ""
	case yamlnode.NotScalar, yamlnode.UnknownKey:
		return "unknown key " + f.Node.Value, p.keyHint(f.Node.Value, f.Known)
	case yamlnode.NotList:
		return f.What, ""
	}
	return fmt.Sprintf("%s can't be %s: it is one of %s", f.What, valueOf(f.Node), strings.Join(f.Known, ", ")),
		diag.DidYouMean(f.Node.Value, f.Known)
}

// mapping reads a mapping of these keys. An empty one may be left out after its
// key.
func (p *configParser) mapping(n *yaml.Node, keys []yamlnode.Key) {
	if !yamlnode.IsNull(n) {
		p.Mapping(n, "", keys)
	}
}

func (p *configParser) file(n *yaml.Node) {
	p.mapping(n, []yamlnode.Key{
		{Name: "include", Read: p.folders},
		{Name: "define", Read: p.defines},
		{Name: "exclude", Read: func(n *yaml.Node) { p.config.Skip = p.globs("exclude", n) }},
		{Name: "lint", Read: func(n *yaml.Node) { p.mapping(n, p.lintKeys()) }},
	})
}

// folders reads folders, as seen from that of the configuration.
func (p *configParser) folders(n *yaml.Node) {
	const required = "include is a list of folders, such as [include, ../common]"
	p.List(n, required, func(item *yaml.Node) {
		if item.Kind != yaml.ScalarNode || item.Value == "" {
			p.Fail(item, "", required)
			return
		}
		dir := filepath.FromSlash(item.Value)
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(filepath.Dir(p.config.Path), dir)
		}
		if is, err := p.files.IsDir(dir); err != nil || !is {
			p.Fail(item, "paths are seen from the folder of this file", "%s is not a folder", item.Value)
		}
		p.config.IncludeDirs = append(p.config.IncludeDirs, dir)
	})
}

var macroName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// defines reads macros: names, and their values or nothing, which is 1.
func (p *configParser) defines(n *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		p.Fail(n, "", "define has names and values, such as {KDebug: 1}")
		return
	}
	seen := map[string]bool{}
	for key, value := range yamlnode.Pairs(n) {
		switch {
		case key.Kind != yaml.ScalarNode || !macroName.MatchString(key.Value):
			p.Fail(key, "", "%q is not the name of a macro: it has letters, digits and _, and no digit in front", key.Value)
		case seen[key.Value]:
			p.Fail(key, "", "%s is given twice", key.Value)
		case value.Kind != yaml.ScalarNode || strings.ContainsAny(value.Value, "\r\n"):
			p.Fail(value, "", "the value of %s is one line of text", key.Value)
		}
		seen[key.Value] = true
		p.config.Defines = append(p.config.Defines, define(key.Value, value))
	}
}

func define(name string, value *yaml.Node) grammar.Define {
	d := grammar.Define{Name: name, Value: value.Value}
	switch {
	case yamlnode.IsNull(value):
		d.Value = ""
	case d.Value == "":
		d.Value = " " // defined as nothing, where an empty Value is 1
	}
	return d
}

func (p *configParser) lintKeys() []yamlnode.Key {
	return []yamlnode.Key{
		{Name: "profile", Read: p.profile},
		{Name: "fail-level", Read: p.failLevel},
		{Name: "rules", Read: p.rules},
		{Name: "include", Read: func(n *yaml.Node) { p.config.Include = p.globs("include", n) }},
		{Name: "exclude", Read: func(n *yaml.Node) { p.config.Exclude = p.globs("exclude", n) }},
		{Name: "budget", Read: p.budget},
	}
}

// rules reads the settings: a key for each rule.
func (p *configParser) rules(n *yaml.Node) {
	var keys []yamlnode.Key
	for _, id := range RuleIDs() {
		keys = append(keys, yamlnode.Key{Name: id, Read: func(n *yaml.Node) { p.rule(id, n) }})
	}
	p.mapping(n, keys)
}

var severityNames = []string{"info", "warning", "error"}

func (p *configParser) rule(id string, n *yaml.Node) {
	if name, ok := p.OneOf(n, id, append(slices.Clone(severityNames), "off")...); ok {
		severity, _ := ParseSeverity(name) // 0 for off
		p.config.Rules[id] = Setting{Off: name == "off", Severity: severity}
	}
}

func (p *configParser) profile(n *yaml.Node) {
	if name, ok := p.OneOf(n, "profile", ProfileNames()...); ok {
		p.config.Profile, _ = ParseProfile(name)
	}
}

func (p *configParser) failLevel(n *yaml.Node) {
	if name, ok := p.OneOf(n, "fail-level", severityNames...); ok {
		severity, _ := ParseSeverity(name)
		p.config.FailLevel = &severity
	}
}

// ParseSeverity reads the name of a severity.
func ParseSeverity(name string) (diag.Severity, bool) {
	for _, s := range []diag.Severity{diag.Info, diag.Warning, diag.Error} {
		if s.String() == name {
			return s, true
		}
	}
	return 0, false
}

func (p *configParser) budget(n *yaml.Node) {
	v, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil || v < 1 {
		p.Fail(n, "", "budget is a number of steps, from 1")
		return
	}
	p.config.Budget = v
}

func (p *configParser) globs(key string, n *yaml.Node) []string {
	globs := make([]string, 0, len(n.Content))
	p.List(n, key+" is a list of globs, such as [vendor/**, old]", func(item *yaml.Node) {
		switch {
		case item.Kind != yaml.ScalarNode || item.Value == "":
			p.Fail(item, "", "want a glob, such as vendor/**")
		case !validGlob(item.Value):
			p.Fail(item, "", "%s is not a glob: a [ in it is not closed", item.Value)
		}
		globs = append(globs, item.Value)
	})
	return globs
}

// keyHint says which of the names is meant by a key, or where it belongs.
func (p *configParser) keyHint(key string, names []string) string {
	if hint := diag.DidYouMean(key, names); hint != "" {
		return hint
	}
	const many = 10
	switch {
	case len(names) > many:
		return "ups lint --list lists the rules"
	case slices.ContainsFunc(p.lintKeys(), func(k yamlnode.Key) bool { return k.Name == key }):
		return "it stands below lint"
	case slices.Contains(RuleIDs(), key):
		return "rules stand below lint and rules"
	}
	return "the keys here are " + strings.Join(names, ", ")
}

// valueOf shows what stands where a word should.
func valueOf(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode {
		return "a list or a mapping"
	}
	return strconv.Quote(n.Value)
}
