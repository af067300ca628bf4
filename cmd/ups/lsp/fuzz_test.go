package lsp

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"unicode/utf16"

	"ups/cmd/ups/lsp/protocol"
)

// units is a text as a client has it that counts in UTF-16: an implementation of
// edits of its own, to compare the server's with.
type units []uint16

// isBreak reports whether a line ends before a place.
func (u units) isBreak(i int) bool {
	return i > 0 && (u[i-1] == '\n' || u[i-1] == '\r' && (i == len(u) || u[i] != '\n'))
}

func (u units) position(at int) protocol.Position {
	var p protocol.Position
	for i := 1; i <= at; i++ {
		p.Character++
		if u.isBreak(i) {
			p = protocol.Position{Line: p.Line + 1}
		}
	}
	return p
}

// isPlace reports whether a client may name a place: it is within no character, and
// within no end of a line.
func (u units) isPlace(i int) bool {
	pair := i > 0 && i < len(u) && utf16.IsSurrogate(rune(u[i-1])) && utf16.DecodeRune(rune(u[i-1]), rune(u[i])) != '�'
	return !pair && !(i > 0 && i < len(u) && u[i-1] == '\r' && u[i] == '\n')
}

func (u units) place(r *rand.Rand) int {
	for {
		if i := r.IntN(len(u) + 1); u.isPlace(i) {
			return i
		}
	}
}

func (u units) replaced(from, to int, by string) units {
	out := append(units{}, u[:from]...)
	out = append(out, utf16.Encode([]rune(by))...)
	return append(out, u[to:]...)
}

// inserted are pieces that random edits put into a text.
var inserted = []string{
	"", "a", "\n", "\r\n", "\r", "é", "𝄞", "\"", "{", "}", ";", "/*", "*/", "//", "#", "#define K ", "#if 1\n", "#endif\n", "\\\n",
	"POLICY { options = KNo; },", "POLICY", "destination = \"+4\";", "#include \"a.rh\"\n", "RESOURCE POLICIES p {", "KYes|", "K", "\ufeff", "\u0301",
}

// FuzzEdits makes random edits of a source and a header, asks for everything
// meanwhile, and compares the texts of server and client.
func FuzzEdits(f *testing.F) {
	f.Add(uint64(1), list)
	f.Add(uint64(2), withHeader)
	f.Add(uint64(3), "")
	f.Add(uint64(4), "\r\r\n\n𝄞\ufeffé\r")
	f.Add(uint64(5), "#define A(x) x\n#if A(1)\nenum { B = A(2) };\n#else\nRESOURCE POLICIES p { policies = { A(POLICY {}) }; }")
	f.Fuzz(testEdits)
}

// testEdits makes the edits that a seed stands for.
func testEdits(t *testing.T, seed uint64, text string) {
	if len(text) > 1<<16 {
		return
	}
	r := rand.New(rand.NewPCG(seed, 7))
	text = string([]rune(text)) // as JSON has it
	c := start(t, "-- a.rh --\n#define KOne 1\n")
	names := []string{"ups_10000001_10000002.rss", "a.rh", ".ups.yaml"}
	texts := map[string]units{}
	for _, name := range names {
		c.openText(name, text)
		texts[name] = utf16.Encode([]rune(text))
	}
	for version := int32(2); version < 12; version++ {
		name := names[r.IntN(len(names))]
		var p protocol.DidChangeTextDocumentParams
		p.TextDocument = protocol.VersionedTextDocumentIdentifier{URI: c.uri(name), Version: version}
		for range 1 + r.IntN(3) {
			u := texts[name]
			from, to := u.place(r), u.place(r)
			from, to = min(from, to), max(from, to)
			by := inserted[r.IntN(len(inserted))]
			p.ContentChanges = append(p.ContentChanges, protocol.TextDocumentContentChangeEvent{
				Range: &protocol.Range{Start: u.position(from), End: u.position(to)}, Text: by,
			})
			texts[name] = u.replaced(from, to, by)
		}
		c.notify("textDocument/didChange", p)
		c.askAnything(r, name, texts[name])
	}
	for _, name := range names {
		c.askAnything(r, name, texts[name]) // the server has taken in what came before
		if got, want := c.server.document(c.uri(name).Path()).String(), string(utf16.Decode(texts[name])); got != want {
			t.Errorf("%s: the server has %q, the client %q", name, got, want)
		}
	}
}

// askAnything makes one request at a random place. It may be refused, but not for a
// fault of the server.
func (c *client) askAnything(r *rand.Rand, name string, u units) {
	at := u.position(u.place(r))
	p := map[string]any{
		"textDocument": protocol.TextDocumentIdentifier{URI: c.uri(name)}, "position": at,
		"positions": []protocol.Position{at}, "range": protocol.Range{Start: at, End: u.position(len(u))}, "newName": "KOther",
		"context": map[string]any{"includeDeclaration": true}, "query": "a",
	}
	var methods []string
	for _, m := range methodsInOrder() {
		if m != "initialize" && m != "shutdown" && m != "workspace/executeCommand" {
			methods = append(methods, m)
		}
	}
	var result json.RawMessage
	if err := c.conn.Call(c.t.Context(), methods[r.IntN(len(methods))], p, &result); err != nil && isFault(err) {
		c.t.Error(err)
	}
}
