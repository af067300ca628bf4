package lsp

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"ups/cmd/ups/lsp/protocol"
	"ups/compiler"
	"ups/grammar"
	"ups/lint"
	"ups/policy"
)

func (s *server) hover(ctx context.Context, p *protocol.TextDocumentPositionParams) (*protocol.Hover, error) {
	path := p.TextDocument.URI.Path()
	if d := s.document(path); d != nil && isConfig(path) {
		return hoverConfig(d, p.Position), nil
	}
	d, c, err := s.open(p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	at := cursorAt(d.String(), d.Offset(p.Position))
	if at.word.Text == "" {
		return nil, nil
	}
	told, err := s.tell(ctx, c, d, at, p.Position)
	if told == "" || err != nil {
		return nil, err
	}
	span := d.Span(at.word.Offset, at.word.Offset+len(at.word.Text))
	return &protocol.Hover{Contents: protocol.Markdown(told), Range: &span}, nil
}

// tell tells of what is at a place, in Markdown; "" is nothing.
func (s *server) tell(ctx context.Context, c *compilation, d *document, at *cursor, pos protocol.Position) (string, error) {
	switch {
	case at.word.Comment:
		return tellIgnore(at.word.Text), nil
	case at.directive == "include":
		return c.tellInclude(d, pos), nil
	}
	if i := c.policyAt(d.path, at.word.Offset); i >= 0 && at.directive == "" && c.isPolicyHead(i, at.word) {
		found, err := c.linted(ctx)
		if err != nil || found.analysis == nil || i >= len(found.analysis.Policies) {
			return "", err
		}
		told := c.explain(i, found.analysis)
		if sym := c.symbolAt(d, pos); sym != nil && sym.kind == macroName {
			told += "\n\n" + s.tellName(c, d, at, pos)
		}
		return told, nil
	}
	switch at.word.Kind {
	case grammar.Name:
		return s.tellName(c, d, at, pos), nil
	case grammar.Number:
		return tellNumber(at), nil
	}
	return "", nil
}

// tellInclude tells which file an #include reads.
func (c *compilation) tellInclude(d *document, pos protocol.Position) string {
	l, found := c.includeAt(d, pos)
	if !found {
		return ""
	}
	path := l.URI.Path()
	if !c.read[path] {
		return "Comes with ups."
	}
	return "Reads " + code(path) + "."
}

// tellName tells of a field, a struct, or what a macro or constant stands for.
func (s *server) tellName(c *compilation, d *document, at *cursor, pos protocol.Position) string {
	in := at.innermost()
	if f, is := fieldOf(in.of, at.word.Text); is && at.directive == "" {
		return tellField(f)
	}
	if told := tellStruct(at.word.Text); told != "" {
		return told
	}
	sym := c.symbolAt(d, pos)
	if sym == nil {
		return ""
	}
	lines := []string{"```c"}
	for _, def := range sym.definitions {
		lines = append(lines, strings.Join(strings.Fields(string(def.source.Text[def.start:def.end])), " "))
	}
	lines = append(lines, "```")
	if told := compiler.Constant(sym.name); told != "" {
		lines = append(lines, upperFirst(told)+".")
	}
	if v, ok := c.valueOf(sym.name); ok {
		lines = append(lines, "", tellValue(v))
	}
	return strings.Join(append(lines, "", definedIn(sym)), "\n")
}

func definedIn(sym *symbol) string {
	var files []string
	for _, def := range sym.definitions {
		name := strings.Trim(def.source.Name, "<>")
		if !def.source.Builtin {
			name = filepath.Base(name)
		}
		files = append(files, name)
	}
	return "Defined in " + strings.Join(files, ", ") + "."
}

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// tellValue shows a number as ids and as sizes are written.
func tellValue(v int64) string {
	if v < 0 || v < 10 {
		return fmt.Sprintf("Its value is %d.", v)
	}
	return fmt.Sprintf("Its value is 0x%08X, %d.", v, v)
}

// valueOf works out the value of a name at the end of the source.
func (c *compilation) valueOf(name string) (int64, bool) {
	src, err := c.texts.ReadFile(c.path, grammar.MaxSource)
	if err != nil {
		return 0, false
	}
	text := fmt.Appendf(src, "\n;enum { UPS_VALUE_OF = (%s) };\n", name)
	tree := grammar.Parse(c.path, text, c.options)
	for _, st := range tree.Statements {
		e, is := st.(*grammar.Enum)
		if !is || len(e.Enumerators) != 1 || e.Enumerators[0].Name.Text != "UPS_VALUE_OF" {
			continue
		}
		return compiler.Evaluate(tree, e.Enumerators[0].Value)
	}
	return 0, false
}

// tellNumber tells of a SID in a list.
func tellNumber(at *cursor) string {
	if in := at.innermost(); in.field != "sid_list" {
		return ""
	}
	sid, err := strconv.ParseUint(strings.TrimPrefix(at.word.Text, "0x"), base(at.word.Text), 32)
	if err != nil {
		return ""
	}
	kind := "unprotected: any program may have it"
	if policy.Protected(uint32(sid)) {
		kind = "protected: only a signed program has it"
	}
	return fmt.Sprintf("SID 0x%08X, of class %X, %s.", sid, sid>>28, kind)
}

func base(number string) int {
	if strings.HasPrefix(number, "0x") {
		return 16
	}
	return 10
}

// tellField tells of a field.
func tellField(f compiler.FieldInfo) string {
	lines := []string{
		fmt.Sprintf("**%s** of `%s`: %s", f.Name, f.Struct, f.Type), "",
		upperFirst(f.Meaning) + ".", "", "Default: " + code(f.Default) + ".",
	}
	if len(f.Constants) > 0 {
		lines = append(lines, "")
		for _, name := range f.Constants {
			lines = append(lines, "- "+code(name)+": "+compiler.Constant(name))
		}
	}
	return strings.Join(lines, "\n")
}

// tellStruct tells of a struct by its fields.
func tellStruct(name string) string {
	var lines []string
	for _, f := range compiler.Fields() {
		if f.Struct == name {
			lines = append(lines, fmt.Sprintf("- `%s`: %s", f.Name, f.Meaning))
		}
	}
	if lines == nil {
		return ""
	}
	return "**" + name + "**\n\n" + strings.Join(lines, "\n")
}

// fieldOf returns a field of a struct.
func fieldOf(of, name string) (compiler.FieldInfo, bool) {
	for _, f := range compiler.Fields() {
		if f.Struct == of && f.Name == name {
			return f, true
		}
	}
	return compiler.FieldInfo{}, false
}

// tellIgnore tells of the rules that a comment ignores.
func tellIgnore(comment string) string {
	_, rest, is := strings.Cut(comment, "ups:ignore ")
	if !is {
		return ""
	}
	var lines []string
	ids, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	for _, id := range strings.Split(ids, ",") {
		if r := lint.RuleByID(id); r != nil {
			lines = append(lines, fmt.Sprintf("**%s** (%s)\n\n%s\n\n%s", r.ID, r.Category, r.Summary, r.Rationale))
		}
	}
	return strings.Join(lines, "\n\n")
}
