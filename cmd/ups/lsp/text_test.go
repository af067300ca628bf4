package lsp

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"ups/cmd/ups/lsp/protocol"
)

// TestOneLongLine answers about a source that is one line of 600 KB in little time.
func TestOneLongLine(t *testing.T) {
	c := start(t, "")
	d := c.openText("ups_10000001_10000002.rss", strings.ReplaceAll(list, "\n", " ")+strings.Repeat("STRUCT A { BYTE b; } ", 30_000))
	begun := time.Now()
	var tokens protocol.SemanticTokens
	c.call("textDocument/semanticTokens/full", c.document(d), &tokens)
	c.call("textDocument/foldingRange", c.document(d), nil)
	c.call("textDocument/documentSymbol", c.document(d), nil)
	if len(tokens.Data) < 30_000 {
		t.Errorf("%d numbers", len(tokens.Data))
	}
	if took := time.Since(begun); took > 2*time.Minute { // a second; the square of its length takes minutes, and on a busy machine an hour
		t.Errorf("it took %v", took)
	}
}

// TestDeepNesting tells of a part of the ranges around a place in 100,000 pairs of
// braces.
func TestDeepNesting(t *testing.T) {
	c := start(t, "")
	const deep = 100_000
	d := c.openText("a.rh", strings.Repeat("{", deep)+"x"+strings.Repeat("}", deep))
	p := protocol.SelectionRangeParams{TextDocument: protocol.TextDocumentIdentifier{URI: d.uri}, Positions: []protocol.Position{{Character: deep}}}
	var out []*protocol.SelectionRange
	c.call("textDocument/selectionRange", p, &out)
	n := 0
	for r := out[0]; r != nil; r = r.Parent {
		n++
	}
	if n != maxNested || out[0].Range.Start.Character != deep {
		t.Errorf("%d ranges, from %+v", n, out[0].Range)
	}
}

// TestManyEditsAtOnce replaces a word in all of 1,500 policies, as an editor sends it.
func TestManyEditsAtOnce(t *testing.T) {
	c := start(t, "")
	d := c.openText("ups_10000001_10000002.rss", largeSource(t))
	var all []protocol.TextDocumentContentChangeEvent
	for line := d.Lines() - 1; line >= 0; line-- {
		s, start := d.Line(line)
		if i := strings.Index(s, "destination"); i >= 0 {
			at := d.Span(start+i, start+i+len("destination"))
			all = append(all, protocol.TextDocumentContentChangeEvent{Range: &at, Text: "sid_classes"})
		}
	}
	if got, want := d.edited(2, all).String(), strings.ReplaceAll(d.String(), "destination", "sid_classes"); got != want || len(all) < 150 {
		t.Errorf("%d edits: %s", len(all), got)
	}
}

// TestCarriedOver moves what lint found with edits, on the same line and others.
func TestCarriedOver(t *testing.T) {
	at := func(line, from, to uint32) protocol.Range {
		return protocol.Range{Start: protocol.Position{Line: line, Character: from}, End: protocol.Position{Line: line, Character: to}}
	}
	lines := func(r protocol.Range, line uint32) protocol.Range { r.End = protocol.Position{Line: line}; return r }
	for _, tt := range []struct {
		edit protocol.Range
		text string
		want string
	}{
		{at(2, 0, 0), "ab", "1:0-3 2:6-8 2:12-14 3:0-1"},
		{at(2, 0, 2), "", "1:0-3 2:2-4 2:8-10 3:0-1"},
		{at(2, 0, 0), "a\nb", "1:0-3 3:5-7 3:11-13 4:0-1"},
		{at(2, 1, 2), "\n", "1:0-3 3:2-4 3:8-10 4:0-1"},
		{at(2, 5, 5), "x", "1:0-3 2:11-13 3:0-1"}, // within one: it is dropped
		{at(2, 6, 6), "x", "1:0-3 2:4-6 2:11-13 3:0-1"},
		{lines(at(1, 3, 0), 2), "", "1:0-3 1:7-9 1:13-15 2:0-1"},
		{lines(at(0, 0, 0), 4), "", ""},
	} {
		ds := []protocol.Diagnostic{{Range: at(1, 0, 3)}, {Range: at(2, 4, 6)}, {Range: at(2, 10, 12)}, {Range: at(3, 0, 1)}}
		var got []string
		for _, d := range movedBy(ds, protocol.TextDocumentContentChangeEvent{Range: &tt.edit, Text: tt.text}) {
			got = append(got, fmt.Sprintf("%d:%d-%d", d.Range.Start.Line, d.Range.Start.Character, d.Range.End.Character))
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%v %q: %s, want %s", tt.edit, tt.text, s, tt.want)
		}
	}
}
