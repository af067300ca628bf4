package lsp

import (
	"sync"

	"ups/cmd/ups/lsp/lines"
	"ups/cmd/ups/lsp/protocol"
)

// text is a text, and the tokens that it is written in.
type text struct {
	*lines.Text
	pieces func() *pieces // worked out when they are first asked for
}

func newText(s string) *text { return inPieces(lines.New(s)) }

func inPieces(t *lines.Text) *text {
	return &text{Text: t, pieces: sync.OnceValue(func() *pieces { return piecesOf(t.String()) })}
}

// document is one version of a text that is open in the client. It is never
// changed: an edit makes another.
type document struct {
	uri     protocol.DocumentURI
	path    string
	version int32
	*text
}

// edited returns the document after edits, one after the other.
func (d *document) edited(version int32, changes []protocol.TextDocumentContentChangeEvent) *document {
	t := d.Text
	for _, c := range changes {
		if c.Range == nil {
			t = lines.New(c.Text)
			continue
		}
		from, to := t.Offsets(*c.Range)
		t = t.Replaced(from, to, c.Text)
	}
	return &document{uri: d.uri, path: d.path, version: version, text: inPieces(t)}
}
