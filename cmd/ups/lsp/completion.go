package lsp

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"ups/cmd/ups/lsp/protocol"
	"ups/compiler"
	"ups/grammar"
	"ups/lint"
)

func (s *server) completion(ctx context.Context, p *protocol.TextDocumentPositionParams) (*protocol.CompletionList, error) {
	path := p.TextDocument.URI.Path()
	if d := s.document(path); d != nil && isConfig(path) {
		return &protocol.CompletionList{Items: completeConfig(d, p.Position)}, nil
	}
	d, c, err := s.open(p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	offset := d.Offset(p.Position)
	x := &completer{server: s, ctx: ctx, c: c, d: d, offset: offset, at: cursorAt(d.String(), offset), items: []protocol.CompletionItem{}}
	x.complete()
	return &protocol.CompletionList{IsIncomplete: x.incomplete, Items: x.items}, ctx.Err()
}

// completer collects what can stand at a place.
type completer struct {
	*server
	ctx        context.Context
	c          *compilation
	d          *document
	offset     int
	at         *cursor
	items      []protocol.CompletionItem
	incomplete bool // there is more than the items, which is asked for again
}

// complete asks where the place is, and adds what fits there and nothing else.
func (x *completer) complete() {
	in, field := x.at.innermost(), x.field()
	switch {
	case x.at.word.Comment:
		x.ignores()
	case x.at.directive != "":
		x.directives()
	case field != nil:
		x.value(*field)
	case len(x.at.scopes) == 0:
		x.statements()
	case in.of == "" && in.field == "policies":
		x.snippet("POLICY", "a policy", policySnippet)
	case in.takesFields():
		x.fields(in)
	}
}

// field returns the field whose value is written at the place, or nil.
func (x *completer) field() *compiler.FieldInfo {
	in := x.at.innermost()
	of, name := in.of, in.value
	if in.of == "" && len(x.at.scopes) > 1 { // a value of a list
		of, name = x.at.scopes[len(x.at.scopes)-2].of, in.field
	}
	if f, is := fieldOf(of, name); is && f.Value != compiler.StructListKind {
		return &f
	}
	return nil
}

// add adds a completion that replaces the word at the place.
func (x *completer) add(item protocol.CompletionItem, insert string) {
	from, to := x.offset, x.offset
	if w := x.at.word; w.Text != "" {
		from, to = w.Offset, w.Offset+len(w.Text)
		if !w.Closed() {
			to = x.offset
		}
	}
	item.TextEdit = &protocol.TextEdit{Range: x.d.Span(from, to), NewText: insert}
	item.SortText = fmt.Sprintf("%04d", len(x.items))
	x.items = append(x.items, item)
}

// snippet adds a template, as plain text for clients that know none.
func (x *completer) snippet(label, detail, template string) {
	item := protocol.CompletionItem{Label: label, Kind: protocol.CompletionSnippet, Detail: detail, FilterText: label}
	if x.client.TextDocument.Completion.CompletionItem.SnippetSupport {
		item.InsertTextFormat = protocol.SnippetFormat
	} else {
		template = plainSnippet(template)
	}
	x.add(item, template)
}

// fields adds the fields of a struct that aren't given yet.
func (x *completer) fields(in scope) {
	for _, f := range compiler.Fields() {
		if f.Struct != in.of || slices.Contains(in.given, f.Name) {
			continue
		}
		x.snippet(f.Name, f.Type, f.Name+" = "+fieldSnippets[f.Value]+";")
		last := &x.items[len(x.items)-1]
		last.Kind, last.Documentation = protocol.CompletionField, protocol.Markdown(tellField(f))
	}
}

// value adds what a field takes.
func (x *completer) value(f compiler.FieldInfo) {
	switch f.Value {
	case compiler.ConstantsKind, compiler.FlagsKind:
		x.constants(f)
	case compiler.IDKind, compiler.IDListKind:
		x.ids(f)
	case compiler.TextKind:
		x.destinations()
	case compiler.NumberKind:
		x.numbers()
	case compiler.StructKind:
		x.snippet("POLICY_HEADER", "what holds for all policies", headerSnippet)
	}
}

// constants adds the constants that a field takes, but for those that its value
// has already, and macros that are made of them.
func (x *completer) constants(f compiler.FieldInfo) {
	had := x.valueSoFar()
	for _, name := range f.Constants {
		if !slices.Contains(had, name) {
			x.add(protocol.CompletionItem{Label: name, Kind: protocol.CompletionEnumMember, Detail: compiler.Constant(name)}, name)
		}
	}
	for _, m := range x.c.macros() {
		if m.madeOf(f.Constants) {
			x.add(protocol.CompletionItem{Label: m.name, Kind: protocol.CompletionConstant, Detail: m.body}, m.name)
		}
	}
}

// valueSoFar returns the names that stand in the value before the place.
func (x *completer) valueSoFar() []string {
	end := x.offset
	if x.at.word.Text != "" {
		end = x.at.word.Offset
	}
	start := strings.LastIndexAny(x.d.String()[:end], "=;{}") + 1
	return strings.FieldsFunc(x.d.String()[start:end], func(r rune) bool { return r == '|' || r == ' ' || r == '\t' || r == '\n' || r == '\r' })
}

// ids adds the SIDs, or UIDs of plug-ins, that the field has somewhere in the folders,
// those with a macro first, and then the other macros that stand for an id.
func (x *completer) ids(f compiler.FieldInfo) {
	used := inUse(x.lists(), f.Name)
	here, named := map[uint32]bool{}, map[uint32]bool{}
	for _, u := range used {
		here[u.id] = true
	}
	macros := x.c.idMacros()
	offer := func(used bool) {
		for _, m := range macros {
			if here[m.id] == used {
				named[m.id] = true
				x.add(protocol.CompletionItem{Label: m.name, Kind: protocol.CompletionConstant, Detail: fmt.Sprintf("0x%08x", m.id)}, m.name)
			}
		}
	}
	offer(true)
	for _, u := range used[:min(len(used), maxInUse)] {
		if id := fmt.Sprintf("0x%08x", u.id); !named[u.id] {
			x.add(protocol.CompletionItem{Label: id, Kind: protocol.CompletionValue, Detail: u.where()}, id)
		}
	}
	offer(false)
}

// numbers adds the macros that stand for a number that is no id.
func (x *completer) numbers() {
	for _, m := range x.c.macros() {
		if m.isNumber() {
			x.add(protocol.CompletionItem{Label: m.name, Kind: protocol.CompletionConstant, Detail: m.body}, m.name)
		}
	}
}

// destinations adds the destinations that are in use in the folders. What has
// been written of one counts only where there are too many.
func (x *completer) destinations() {
	lists := x.lists()
	used := destinationsInUse(lists, "")
	if len(used) > maxInUse {
		x.incomplete = true
		used = destinationsInUse(lists, x.destinationSoFar())
	}
	for _, u := range used[:min(len(used), maxInUse)] {
		text := quoted(u.text)
		// Clients compare what is written from the quotation mark on.
		x.add(protocol.CompletionItem{Label: u.text, Kind: protocol.CompletionValue, Detail: u.where(), FilterText: text}, text)
	}
}

// destinationSoFar returns what stands between the quotation mark and the place.
func (x *completer) destinationSoFar() string {
	if x.at.word.Kind != grammar.String {
		return ""
	}
	return strings.TrimPrefix(x.d.String()[x.at.word.Offset:x.offset], `"`)
}

// statements adds what can stand at the top of a source.
func (x *completer) statements() {
	if x.at.before[1].Text == "" {
		x.snippet("policies", "a whole policy source", sourceSnippet)
	}
	x.snippet("RESOURCE POLICIES", "the list of policies", resourceSnippet)
	x.add(protocol.CompletionItem{Label: "UID2", Kind: protocol.CompletionKeyword, Detail: "the UID of policy files"}, "UID2 KUidUpsPolicyResourceFile")
	x.add(protocol.CompletionItem{Label: "UID3", Kind: protocol.CompletionKeyword, Detail: "the UID that was allocated for the file"}, "UID3 0x")
	x.add(protocol.CompletionItem{Label: "CHARACTER_SET UTF8", Kind: protocol.CompletionKeyword, Detail: "strings are UTF-8"}, "CHARACTER_SET UTF8")
}

// directiveNames are those of the preprocessor.
var directiveNames = []string{"include", "define", "undef", "if", "ifdef", "ifndef", "elif", "else", "endif", "error"}

// defineNamed is a #define up to what the macro stands for.
var defineNamed = regexp.MustCompile(`^[ \t]*#[ \t]*define[ \t]+[A-Za-z_][A-Za-z0-9_]*(\([^)]*\))?[ \t]`)

// directives adds the names of directives, and what can follow them.
func (x *completer) directives() {
	before, _ := x.d.LineAt(x.offset)
	switch m := includeBegun.FindStringSubmatch(before); {
	case m != nil:
		x.headers(m[1], m[2])
	case x.at.word.Kind == grammar.Name && x.at.word.Text == x.at.directive, x.at.directive == "#":
		for _, name := range directiveNames {
			x.add(protocol.CompletionItem{Label: name, Kind: protocol.CompletionKeyword}, name)
		}
	case defineNamed.MatchString(before):
		x.defined()
	case slices.Contains([]string{"if", "ifdef", "ifndef", "elif", "undef"}, x.at.directive):
		for _, m := range x.c.macros() {
			x.add(protocol.CompletionItem{Label: m.name, Kind: protocol.CompletionConstant, Detail: m.body}, m.name)
		}
	}
}

// defined adds what a macro can be made of: constants, of those fields that take the
// ones that it has already, and other macros.
func (x *completer) defined() {
	before, start := x.d.LineAt(x.offset)
	if x.at.word.Text != "" {
		before = before[:max(0, x.at.word.Offset-start)]
	}
	had := strings.FieldsFunc(before, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	fits := slices.DeleteFunc(compiler.Fields(), func(f compiler.FieldInfo) bool {
		return !slices.ContainsFunc(f.Constants, func(name string) bool { return slices.Contains(had, name) })
	})
	if len(fits) == 0 {
		fits = compiler.Fields()
	}
	for _, f := range fits {
		for _, name := range f.Constants {
			if !slices.Contains(had, name) {
				had = append(had, name)
				x.add(protocol.CompletionItem{Label: name, Kind: protocol.CompletionEnumMember, Detail: compiler.Constant(name)}, name)
			}
		}
	}
	for _, m := range x.c.macros() {
		x.add(protocol.CompletionItem{Label: m.name, Kind: protocol.CompletionConstant, Detail: m.body}, m.name)
	}
}

// ignores adds the rules that a comment may name.
func (x *completer) ignores() {
	before := x.d.String()[x.at.word.Offset:x.offset]
	_, begun, is := strings.Cut(before, "ups:ignore ")
	if !is || strings.Contains(begun, " ") {
		return
	}
	begun = begun[strings.LastIndexByte(begun, ',')+1:]
	for _, r := range lint.Rules() {
		item := protocol.CompletionItem{Label: r.ID, Kind: protocol.CompletionValue, Detail: r.Name}
		item.TextEdit = &protocol.TextEdit{Range: x.d.Span(x.offset-len(begun), x.offset), NewText: r.ID}
		x.items = append(x.items, item)
	}
}
