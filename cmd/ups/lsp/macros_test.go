package lsp

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"ups/cmd/ups/lsp/protocol"
	"ups/lint"
)

const withMacros = `
-- asks.rh --
#define ASKS(to, what) POLICY { destination = to; options = what; }
#define DENY POLICY { options = KNo; }
-- ups_10000001_10000002.rss --
#include <ups/policies.rh>
#include "asks.rh"
UID2 KUidUpsPolicyResourceFile
UID3 0x10000001
RESOURCE POLICIES p
	{
	header = POLICY_HEADER { authorisationpolicy = EAlwaysCheck; dialogcreator = 0x10000002; };
	policies =
		{
		ASKS("+44*",
			KYes|KNo),
		POLICY { destination = "+33*"; options = KYes; }, // ups:ignore silent-accept tests
		DENY
		};
	}
`

// symbolsOf lists the policies of a document as the client sees them.
func (c *client) symbolsOf(d *document) []string {
	var all []protocol.DocumentSymbol
	c.call("textDocument/documentSymbol", c.document(d), &all)
	var out []string
	for _, s := range all {
		if s.Kind == protocol.SymbolObject && strings.Contains(s.Name, " ") {
			out = append(out, fmt.Sprintf("%s %d-%d", s.Name, s.Range.Start.Line, s.Range.End.Line))
		}
	}
	return out
}

// TestPoliciesOutOfMacros takes the use of a macro, with its arguments, for the policy
// that comes out of it.
func TestPoliciesOutOfMacros(t *testing.T) {
	c := start(t, withMacros)
	d := c.open("ups_10000001_10000002.rss")
	c.found(d)
	want := []string{"1 · +44* · all · asks yes/no 9-10", "2 · +33* · all · allows 11-11", "3 · * · all · denies 12-12"}
	if got := c.symbolsOf(d); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	for marked, parts := range map[string][]string{
		"AS^KS(":    {"**Policy `1 · +44* · all", "ASKS(to, what) POLICY", "Defined in asks.rh."},
		"\"+4^4*\"": {"**Policy `1 · +44* · all"},
		"DE^NY":     {"**Policy `3 · * · all", "Defined in asks.rh."},
		"asks^.rh":  {"Reads `" + c.dir + "/asks.rh`."},
		"polic^ies": {"Comes with ups."},
	} {
		var h *protocol.Hover
		c.call("textDocument/hover", c.at(d, marked), &h)
		for _, part := range parts {
			if h == nil || !strings.Contains(h.Contents.Value, part) {
				t.Errorf("%s: no %q in %+v", marked, part, h)
			}
		}
	}
	var hints []protocol.InlayHint
	c.call("textDocument/inlayHint", protocol.RangeParams{TextDocument: protocol.TextDocumentIdentifier{URI: d.uri}, Range: d.Span(0, len(d.String()))}, &hints)
	if len(hints) != 3 || placeText(hints[0].Position) != ":10:7" || placeText(hints[2].Position) != ":13:7" {
		t.Errorf("%+v", hints)
	}
	if titles := c.titles(d, "KYe^s|KNo"); !slices.Contains(titles, "Explain policy 1") {
		t.Errorf("%q", titles)
	}
}

// titles lists the code actions at a place.
func (c *client) titles(d *document, marked string) []string {
	at := c.at(d, marked).Position
	var actions []protocol.CodeAction
	c.call("textDocument/codeAction", protocol.CodeActionParams{
		TextDocument: protocol.TextDocumentIdentifier{URI: d.uri}, Range: protocol.Range{Start: at, End: at},
	}, &actions)
	var out []string
	for _, a := range actions {
		out = append(out, a.Title)
	}
	return out
}

// TestErrorsInTheMiddle lists the policies of a source that doesn't compile: as they
// were, or by what they begin with.
func TestErrorsInTheMiddle(t *testing.T) {
	c := start(t, withMacros)
	d := c.open("ups_10000001_10000002.rss")
	c.found(d)
	want := c.symbolsOf(d)
	c.replace(d, "options = KYes; }", "options = K; }")
	c.found(d, "constant-unknown")
	if got := c.symbolsOf(d); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	c.replace(d, "\t\tDENY", "\t\tPOLICY { }, DENY")
	if got := c.symbolsOf(d); !slices.Equal(got, []string{"1 · ASKS 9-10", "2 · POLICY 11-11", "3 · POLICY 12-12", "4 · DENY 12-12"}) {
		t.Errorf("%q", got)
	}
}

// idle waits until all that was sent is taken in, and a source checked.
func (c *client) idle(d *document) {
	c.t.Helper()
	c.call("textDocument/foldingRange", c.document(d), &json.RawMessage{})
	src := c.server.source(d.path)
	if !c.eventually(func() bool { return src.wanted.Load() == 0 }) {
		c.t.Fatal("it is still being checked")
	}
}

// TestRefresh has the client ask anew for hints of a source that means something else
// since a header changed, and for nothing when the source itself did.
func TestRefresh(t *testing.T) {
	c := start(t, withMacros)
	d, h := c.open("ups_10000001_10000002.rss"), c.open("asks.rh")
	c.idle(d)
	c.replace(d, "KYes|KNo", "KYes|KNo|KNever")
	c.idle(d)
	refreshed := func() bool { return slices.Contains(c.asked, "workspace/inlayHint/refresh") }
	c.mu.Lock()
	if refreshed() || slices.Contains(c.asked, "workspace/semanticTokens/refresh") {
		t.Errorf("%q", c.asked)
	}
	c.mu.Unlock()
	c.replace(h, "options = KNo", "options = KYes|KNo")
	if !c.eventually(refreshed) {
		t.Errorf("%q", c.asked)
	}
	c.idle(d)
	c.mu.Lock()
	c.asked = nil
	c.mu.Unlock()
	src := c.server.source(d.path)
	src.compiling.Lock() // both edits are taken in before the source is compiled again
	c.replace(d, "KYes|KNo|KNever", "KYes|KNo")
	c.replace(h, "options = KYes|KNo", "options = KNo")
	c.call("textDocument/foldingRange", c.document(h), &json.RawMessage{})
	src.compiling.Unlock()
	if !c.eventually(refreshed) {
		t.Errorf("an edit hides that a header changed: %q", c.asked)
	}
}

// TestLineMarks shows what is found in a preprocessed source where it lies there, and
// not in the open file that its line marks name.
func TestLineMarks(t *testing.T) {
	c := start(t, "-- ups_10000001_10000002.rss --\n"+list)
	c.open("ups_10000001_10000002.rss")
	d := c.openText("ups_10000001_10000003.rpp", "# 1 \"ups_10000001_10000002.rss\"\n\n\n"+list)
	ds := c.found(d, "unreachable")
	if got := ds[0]; got.Range.Start.Line != 12 || !strings.HasPrefix(got.Message, "ups_10000001_10000002.rss:12:26: ") {
		t.Errorf("%+v", got)
	}
	if got := c.symbolsOf(d); len(got) != 3 || got[1] != "2 · +4490* · all · denies 12-12" {
		t.Errorf("%q", got)
	}
}

// TestChangesArePastWithAHeader takes back what would change for requests when a
// header of the source is edited.
func TestChangesArePastWithAHeader(t *testing.T) {
	c := start(t, withMacros)
	d, h := c.open("ups_10000001_10000002.rss"), c.open("asks.rh")
	c.found(d)
	c.server.publishing.Lock()
	c.server.show(diffOrigin(d.path), byFile{d.path: {{Code: "change"}}})
	c.server.publishing.Unlock()
	c.found(d, "change")
	c.replace(h, "options = KNo", "options = KNo ")
	c.found(d)
}

// TestProofsAreKept proves a fix once for a text, and anew for the next one.
func TestProofsAreKept(t *testing.T) {
	c := start(t, "")
	d := c.openText("ups_10000001_10000002.rss", strings.Replace(list, "options = KNo;", "options = KYes|KNo;", 1))
	c.found(d, "unreachable")
	src := c.server.source(d.path)
	before := c.server.compiled(src)
	first, again := c.titles(d, "+44^90"), c.titles(d, "+44^90")
	if !slices.Equal(first, again) || !strings.Contains(first[0], "proved") || len(before.proofs.edits) != 1 {
		t.Errorf("%q, %q, %d", first, again, len(before.proofs.edits))
	}
	for marked, fits := range map[string]bool{
		"^POLICY { destination = \"+4490": true, "KYes|KNo }^,\n\t\tPOLICY { options": true, // both ends of the policy
		"POLICY { destination = \"+44*^": false,
	} {
		marked = strings.Replace(marked, "KNo }", "KNo; }", 1)
		if got := c.titles(d, marked); strings.Contains(got[0], "proved") != fits {
			t.Errorf("%s: %q", marked, got)
		}
	}
	c.replace(d, "+4490*", "+4990*")
	if now := c.titles(d, "+49^90"); strings.Contains(now[0], "proved") {
		t.Errorf("%q", now)
	}
}

// TestIgnoreBehindByteOrderMark leaves a byte order mark first.
func TestIgnoreBehindByteOrderMark(t *testing.T) {
	c := start(t, "")
	d := c.openText("ups_10000001_10000002.rss", "\ufeff"+list)
	a := actor{server: c.server, c: c.server.compiled(c.server.source(d.path)), d: d}
	if at, _ := a.ignorePlace(lint.Finding{}); at != len("\ufeff") {
		t.Error(at)
	}
}
