package lsp

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ups/cmd/ups/lsp/protocol"
)

func (c *client) document(d *document) protocol.DocumentParams {
	return protocol.DocumentParams{TextDocument: protocol.TextDocumentIdentifier{URI: d.uri}}
}

func TestDocumentSymbols(t *testing.T) {
	c := start(t, withHeader)
	d, h := c.open("ups_10000001_10000002.rss"), c.open("common/sids.rh")
	names := func(d *document) (out []string) {
		var list []protocol.DocumentSymbol
		c.call("textDocument/documentSymbol", c.document(d), &list)
		for _, s := range list {
			out = append(out, s.Name+placeText(s.SelectionRange.Start))
		}
		return out
	}
	if d := cmp.Diff([]string{
		"p:5:19", "1 · * · 0x10000011 · allows:10:3", "2 · * · 0x90000012 · denies:11:3", "3 · * · all · asks yes/no:12:3",
	}, names(d)); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	if d := cmp.Diff([]string{"KCalendar:1:9", "KGame:2:9"}, names(h)); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestWorkspaceSymbols(t *testing.T) {
	c := start(t, withHeader)
	for query, want := range map[string]int{"denies": 2, "ASKS": 2, "0x10000011": 1, "nothing like this": 0} {
		var list []protocol.SymbolInformation
		c.call("workspace/symbol", protocol.WorkspaceSymbolParams{Query: query}, &list)
		if len(list) != want {
			t.Errorf("%s: %+v", query, list)
		}
	}
	d := c.open("ups_10000001_10000002.rss") // what is open counts as it is there
	c.replace(d, "options = KNo;", "destination = \"elsewhere\"; options = KNo;")
	var list []protocol.SymbolInformation
	c.call("workspace/symbol", protocol.WorkspaceSymbolParams{Query: "elsewhere"}, &list)
	if len(list) != 1 || list[0].Location.URI != d.uri || list[0].ContainerName != "ups_10000001_10000002.rss" {
		t.Errorf("%+v", list)
	}
}

func TestInlayHints(t *testing.T) {
	c := start(t, "")
	d := c.openText("ups_10000001_10000002.rss", list)
	hints := func(from, to uint32) string {
		var list []protocol.InlayHint
		c.call("textDocument/inlayHint", protocol.RangeParams{
			TextDocument: protocol.TextDocumentIdentifier{URI: d.uri}, Range: protocol.Range{Start: protocol.Position{Line: from}, End: protocol.Position{Line: to}},
		}, &list)
		var out []string
		for _, h := range list {
			out = append(out, h.Label+placeText(h.Position))
		}
		return strings.Join(out, ", ")
	}
	if got := hints(0, 100); got != "1: asks yes/no:9:9, 2: decides nothing:10:9, 3: asks yes/no/always:11:9" {
		t.Error(got)
	}
	if got := hints(9, 10); got != "2: decides nothing:10:9" {
		t.Error(got)
	}
	c.replace(d, "options = KNo", "options = Broken")
	if got := hints(0, 100); got != "1:9:9, 2:10:9, 3:11:9" {
		t.Error(got)
	}
}

func TestFolding(t *testing.T) {
	c := start(t, "")
	d := c.openText("a.rss", "// one\n// two\n\n// three\n/* four\n*/\n#ifdef X\nenum\n{\nA\n};\n#endif\n{ {\n} }\n{\n")
	var list []protocol.FoldingRange
	c.call("textDocument/foldingRange", c.document(d), &list)
	var got []string
	for _, f := range list {
		got = append(got, fmt.Sprintf("%d-%d %s", f.StartLine, f.EndLine, f.Kind))
	}
	if d := cmp.Diff([]string{"0-1 comment", "4-5 comment", "8-10 ", "6-11 region", "12-13 ", "12-13 "}, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestSelection(t *testing.T) {
	c := start(t, "")
	d := c.openText("ups_10000001_10000002.rss", list)
	at := c.at(d, "\"+44^90*\"")
	var out []protocol.SelectionRange
	c.call("textDocument/selectionRange", protocol.SelectionRangeParams{TextDocument: at.TextDocument, Positions: []protocol.Position{at.Position}}, &out)
	var got []string
	for s := &out[0]; s != nil; s = s.Parent {
		from, to := d.Offsets(s.Range)
		text := strings.TrimSpace(d.String()[from:to])
		got = append(got, text[:min(len(text), 12)]+"…"+text[max(0, len(text)-4):])
	}
	want := []string{
		`"+4490*"…90*"`, `destination …90*"`, // what it takes of the field is tested by its end
		`destination …KNo;`, `POLICY { des…No; }`, `POLICY { des…No; }`,
	}
	if len(got) < len(want) || got[0] != want[0] {
		t.Errorf("%q", got)
	}
	for i := 1; i < len(got); i++ {
		inner, outer := &out[0], &out[0]
		for range i {
			outer = outer.Parent
		}
		for range i - 1 {
			inner = inner.Parent
		}
		if before(inner.Range.Start, outer.Range.Start) || before(outer.Range.End, inner.Range.End) || inner.Range == outer.Range {
			t.Errorf("%v is not around %v", outer.Range, inner.Range)
		}
	}
}

func TestSemanticTokens(t *testing.T) {
	c := start(t, withHeader)
	text := "#include <sids.rh>\n#define ONE 1 // first\nRESOURCE POLICIES r\n{ policies = { POLICY { sid_list = {KGame, 2}; destination = \"+é𝄞\" /* a\n b */; options = EFoo|ONE; } }; }\nenum { EFoo };\n"
	d := c.openText("a.rss", text)
	var full, part protocol.SemanticTokens
	c.call("textDocument/semanticTokens/full", c.document(d), &full)
	want := `keyword #, keyword include, macro ONE, keyword #, keyword define, number 1, comment // first, keyword RESOURCE, struct POLICIES, variable r,
property policies, struct POLICY, property sid_list, macro KGame, number 2, property destination, string "+é𝄞", comment /* a, comment  b */,
property options, enumMember EFoo, operator |, macro ONE, keyword enum, enumMember EFoo`
	got := strings.Join(decoded(d, full.Data), ", ")
	for _, token := range strings.Split(strings.ReplaceAll(want, ",\n", ", "), ", ") {
		if !strings.Contains(got, token) {
			t.Errorf("no %s in %s", token, got)
		}
	}
	c.call("textDocument/semanticTokens/range", protocol.RangeParams{
		TextDocument: protocol.TextDocumentIdentifier{URI: d.uri}, Range: protocol.Range{Start: protocol.Position{Line: 5}, End: protocol.Position{Line: 6}},
	}, &part)
	if got := strings.Join(decoded(d, part.Data), ", "); got != "keyword enum, enumMember EFoo" {
		t.Error(got)
	}
}

// decoded reads tokens as a client does.
func decoded(d *document, data []uint32) []string {
	var out []string
	var at protocol.Position
	for i := 0; i+4 < len(data); i += 5 {
		if data[i] > 0 {
			at.Character = 0
		}
		at.Line, at.Character = at.Line+data[i], at.Character+data[i+1]
		from, to := d.Offset(at), d.Offset(protocol.Position{Line: at.Line, Character: at.Character + data[i+2]})
		out = append(out, tokenTypes[data[i+3]]+" "+d.String()[from:to])
	}
	return out
}

// TestYAML says nothing of configurations of other programs, and of ours nothing that
// policy sources alone have.
func TestYAML(t *testing.T) {
	c := start(t, "")
	for _, name := range []string{"other.yaml", ".ups.yaml"} {
		d := c.openText(name, "#define POLICY {}\n")
		for _, method := range []string{"semanticTokens/full", "documentSymbol", "formatting", "foldingRange", "codeAction", "references"} {
			var result any
			if c.call("textDocument/"+method, c.document(d), &result); result != nil {
				t.Errorf("%s: %v", method, result)
			}
		}
	}
}

func TestConfigurationIsCompleted(t *testing.T) {
	c := start(t, "")
	tests := []struct{ text, want, hover string }{
		{"^", "define exclude include lint", ""},
		{"lint:\n  ^", "budget exclude fail-level include profile rules", ""},
		{"lint:\n  profile: ^", "defects recommended all", "Which findings are shown"},
		{"lint:\n  profile: all\n  ^", "budget exclude fail-level include rules", ""},
		{"lint:\n  rules:\n    unreachable: ^\n", "off info warning error", "no request gets to a policy"},
		{"include: [a]\nli^", "define exclude lint", ""},
		{"lint:\n  nothing:\n    ^", "", ""},
	}
	for i, tt := range tests {
		offset := strings.IndexByte(tt.text, '^')
		d := c.openText(fmt.Sprintf("%d/.ups.yaml", i), strings.Replace(tt.text, "^", "", 1))
		var labels []string
		for _, item := range c.completions(d, offset) {
			labels = append(labels, item.Label)
		}
		if got := strings.Join(labels, " "); got != tt.want {
			t.Errorf("%q: %s, want %s", tt.text, got, tt.want)
		}
		var h *protocol.Hover
		c.call("textDocument/hover", protocol.TextDocumentPositionParams{TextDocument: protocol.TextDocumentIdentifier{URI: d.uri}, Position: d.Position(offset)}, &h)
		if tt.hover != "" && (h == nil || !strings.Contains(strings.ToLower(h.Contents.Value), strings.ToLower(tt.hover))) {
			t.Errorf("%q: %+v", tt.text, h)
		}
	}
}
