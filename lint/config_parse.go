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
)

// configParser fills a Config from the nodes of a file, and keeps the first
// mistake. It goes by hand since a mistake needs its line, and a key that is
// unknown a suggestion.
type configParser struct {
	files  Files
	config *Config
	err    error
}

// member is a key that a mapping may have.
type member struct {
	name string
	read func(*yaml.Node)
}

func (p *configParser) file(n *yaml.Node) {
	p.mapping(n, []member{
		{"include", func(n *yaml.Node) { p.config.IncludeDirs = p.folders(n) }},
		{"define", p.defines},
		{"exclude", func(n *yaml.Node) { p.config.Left = p.globs("exclude", n) }},
		{"lint", p.lint},
	})
}

// folders reads folders, as seen from that of the configuration.
func (p *configParser) folders(n *yaml.Node) []string {
	const required = "include is a list of folders, such as [include, ../common]"
	if n.Kind != yaml.SequenceNode {
		p.fail(n, "", required)
		return nil
	}
	var dirs []string
	for _, item := range n.Content {
		if item.Kind != yaml.ScalarNode || item.Value == "" {
			p.fail(item, "", required)
			continue
		}
		dir := filepath.FromSlash(item.Value)
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(filepath.Dir(p.config.Path), dir)
		}
		if is, err := p.files.IsDir(dir); err != nil || !is {
			p.fail(item, "paths are seen from the folder of this file", "%s is not a folder", item.Value)
		}
		dirs = append(dirs, dir)
	}
	return dirs
}

var macroName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// defines reads macros: names, and their values or nothing, which is 1.
func (p *configParser) defines(n *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		p.fail(n, "", "define has names and values, such as {KDebug: 1}")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch {
		case key.Kind != yaml.ScalarNode || !macroName.MatchString(key.Value):
			p.fail(key, "", "%q is not the name of a macro: it has letters, digits and _, and no digit in front", key.Value)
		case seen[key.Value]:
			p.fail(key, "", "%s is given twice", key.Value)
		case value.Kind != yaml.ScalarNode || strings.ContainsAny(value.Value, "\r\n"):
			p.fail(value, "", "the value of %s is one line of text", key.Value)
		}
		seen[key.Value] = true
		d := grammar.Define{Name: key.Value, Value: value.Value}
		switch {
		case isNull(value):
			d.Value = ""
		case d.Value == "":
			d.Value = " " // defined as nothing, where an empty Value is 1
		}
		p.config.Defines = append(p.config.Defines, d)
	}
}

func (p *configParser) lint(n *yaml.Node) { p.mapping(n, p.lintMembers()) }

func (p *configParser) lintMembers() []member {
	return []member{
		{"profile", p.profile},
		{"fail-level", p.failLevel},
		{"rules", p.rules},
		{"include", func(n *yaml.Node) { p.config.Include = p.globs("include", n) }},
		{"exclude", func(n *yaml.Node) { p.config.Exclude = p.globs("exclude", n) }},
		{"budget", p.budget},
	}
}

// rules reads the settings: a key for each rule.
func (p *configParser) rules(n *yaml.Node) {
	var members []member
	for _, id := range RuleIDs() {
		members = append(members, member{id, func(n *yaml.Node) { p.rule(id, n) }})
	}
	p.mapping(n, members)
}

func (p *configParser) rule(id string, n *yaml.Node) {
	if n.Value == "off" {
		p.config.Rules[id] = Setting{Off: true}
		return
	}
	if s, ok := p.severity(id, n, "off"); ok {
		p.config.Rules[id] = Setting{Severity: s}
	}
}

func (p *configParser) profile(n *yaml.Node) {
	profile, ok := ParseProfile(n.Value)
	if !ok || n.Kind != yaml.ScalarNode {
		p.fail(n, diag.DidYouMean(n.Value, ProfileNames()), "profile can't be %s: it is one of %s",
			valueOf(n), strings.Join(ProfileNames(), ", "))
		return
	}
	p.config.Profile = profile
}

func (p *configParser) failLevel(n *yaml.Node) {
	if s, ok := p.severity("fail-level", n); ok {
		p.config.FailLevel = &s
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

// severity reads the severity of a key; also are other words that could stand
// there.
func (p *configParser) severity(key string, n *yaml.Node, also ...string) (diag.Severity, bool) {
	s, ok := ParseSeverity(n.Value)
	if !ok || n.Kind != yaml.ScalarNode {
		words := append([]string{"info", "warning", "error"}, also...)
		p.fail(n, diag.DidYouMean(n.Value, words), "%s can't be %s: it is one of %s", key, valueOf(n), strings.Join(words, ", "))
		return 0, false
	}
	return s, true
}

func (p *configParser) budget(n *yaml.Node) {
	v, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil || v < 1 {
		p.fail(n, "", "budget is a number of steps, from 1")
		return
	}
	p.config.Budget = v
}

func (p *configParser) globs(key string, n *yaml.Node) []string {
	if n.Kind != yaml.SequenceNode {
		p.fail(n, "", "%s is a list of globs, such as [vendor/**, old]", key)
		return nil
	}
	globs := make([]string, 0, len(n.Content))
	for _, item := range n.Content {
		switch {
		case item.Kind != yaml.ScalarNode || item.Value == "":
			p.fail(item, "", "want a glob, such as vendor/**")
		case !validGlob(item.Value):
			p.fail(item, "", "%s is not a glob: a [ in it is not closed", item.Value)
		}
		globs = append(globs, item.Value)
	}
	return globs
}

// mapping reads a mapping with these members and no others. An empty one may
// be left out after its key.
func (p *configParser) mapping(n *yaml.Node, members []member) {
	switch {
	case isNull(n):
		return
	case n.Kind != yaml.MappingNode:
		p.fail(n, "", "want keys and values")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if seen[key.Value] {
			p.fail(key, "", "%s is given twice", key.Value)
		}
		seen[key.Value] = true
		p.member(key, value, members)
	}
}

func (p *configParser) member(key, value *yaml.Node, members []member) {
	var names []string
	for _, m := range members {
		if m.name == key.Value {
			m.read(value)
			return
		}
		names = append(names, m.name)
	}
	p.fail(key, p.keyHint(key.Value, names), "unknown key %s", key.Value)
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
	case slices.ContainsFunc(p.lintMembers(), func(m member) bool { return m.name == key }):
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

func (p *configParser) fail(n *yaml.Node, hint, format string, args ...any) {
	if p.err == nil {
		p.err = &ConfigError{Path: p.config.Path, Line: n.Line, Message: fmt.Sprintf(format, args...), Hint: hint}
	}
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }
