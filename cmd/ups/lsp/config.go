package lsp

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"ups/cmd/ups/lsp/protocol"
	"ups/lint"
)

// configLine is a line of a configuration: a key, and what follows it.
var configLine = regexp.MustCompile(`^( *)(?:([A-Za-z0-9_-]+)(:)?)?[ ]*(.*)$`)

// configPlace is a place in a configuration, by the lines around it.
type configPlace struct {
	above []string // the keys that it stands below
	key   string   // on its line, or as far as it is written
	value bool     // it is in the value of that key
	given []string // the other keys beside it
	from  int      // where the word at the place begins, in bytes
}

// configAt looks at a place.
func configAt(d *document, at protocol.Position) configPlace {
	offset := d.Offset(at)
	on := int(d.Position(offset).Line)
	line, start := d.Line(on)
	m := configLine.FindStringSubmatch(line)
	p := configPlace{key: m[2]}
	before := d.String()[start:offset]
	p.value = m[3] != "" && strings.Contains(before, ":")
	p.from = start + strings.LastIndexAny(before, " :") + 1
	indent := len(m[1])
	p.above = d.keysAbove(on, indent)
	p.given = d.keysBeside(on, indent)
	return p
}

// keyOn returns the key on a line, and how far it is indented. It is "" for a line
// without one, such as an item of a list.
func (d *document) keyOn(n int) (key string, indent int) {
	line, _ := d.Line(n)
	m := configLine.FindStringSubmatch(line)
	if m[3] == "" {
		return "", len(m[1])
	}
	return m[2], len(m[1])
}

// keysAbove returns the keys that a line of an indentation stands below.
func (d *document) keysAbove(n, indent int) []string {
	var out []string
	for n--; n >= 0; n-- {
		if key, in := d.keyOn(n); key != "" && in < indent {
			out = append(out, key)
			indent = in
		}
	}
	slices.Reverse(out)
	return out
}

// keysBeside returns the keys of the same mapping on other lines.
func (d *document) keysBeside(n, indent int) []string {
	var out []string
	look := func(n int) (more bool) {
		key, in := d.keyOn(n)
		if key != "" && in == indent {
			out = append(out, key)
		}
		return key == "" || in >= indent
	}
	for i := n - 1; i >= 0 && look(i); i-- {
	}
	for i := n + 1; i < d.Lines() && look(i); i++ {
	}
	return out
}

// completeConfig completes a configuration by its schema.
func completeConfig(d *document, at protocol.Position) []protocol.CompletionItem {
	out := []protocol.CompletionItem{}
	root, err := configSchema()
	if err != nil {
		return out
	}
	p := configAt(d, at)
	offer := func(label, insert string, kind int, about string) {
		out = append(out, protocol.CompletionItem{
			Label: label, Kind: kind, Documentation: protocol.Markdown(about),
			TextEdit: &protocol.TextEdit{Range: d.Span(p.from, d.Offset(at)), NewText: insert},
		})
	}
	if p.value {
		s := root.below(append(p.above, p.key))
		for i := range values(s) {
			offer(s.Enum[i], s.Enum[i], protocol.CompletionEnumMember, s.about())
		}
		return out
	}
	s := root.below(p.above)
	if s == nil {
		return out
	}
	for _, key := range s.keys() {
		if !slices.Contains(p.given, key) {
			offer(key, key+": ", protocol.CompletionField, root.resolved(s.Properties[key]).about())
		}
	}
	return out
}

func values(s *schema) []string {
	if s == nil {
		return nil
	}
	return s.Enum
}

// hoverConfig tells of the key on the line of a place.
func hoverConfig(d *document, at protocol.Position) *protocol.Hover {
	root, err := configSchema()
	p := configAt(d, at)
	if err != nil || p.key == "" {
		return nil
	}
	s := root.below(append(p.above, p.key))
	if s == nil || s.Title == "" {
		return nil
	}
	return &protocol.Hover{Contents: protocol.Markdown(s.about())}
}

// checkConfig shows what is wrong with a configuration; d is nil if it was closed.
func (s *server) checkConfig(path string, d *document) {
	if d == nil {
		return
	}
	go func() {
		defer s.recoverFrom("reading a configuration")
		open, _ := s.snapshot()
		_, err := lint.ParseConfig(open, path, []byte(d.String()))
		s.publishing.Lock()
		defer s.publishing.Unlock()
		if s.document(path) == d {
			s.show(path, byFile{path: configDiagnostics(d, err)})
		}
	}()
}

// configDiagnostics returns the mistake in a configuration, if there is one.
func configDiagnostics(d *document, err error) []protocol.Diagnostic {
	if err == nil {
		return nil
	}
	out := protocol.Diagnostic{Severity: protocol.SeverityError, Code: "config-invalid", Source: program, Message: err.Error()}
	if e := (*lint.ConfigError)(nil); errors.As(err, &e) {
		out.Message = e.Message
		if e.Hint != "" {
			out.Message += "\n" + e.Hint
		}
		if line := max(0, e.Line-1); line < d.Lines() {
			text, start := d.Line(line)
			out.Range = d.Span(start+len(text)-len(strings.TrimLeft(text, " ")), start+len(text))
		}
	}
	return []protocol.Diagnostic{out}
}
