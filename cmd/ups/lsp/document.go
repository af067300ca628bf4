package lsp

import (
	"ups/cmd/ups/lsp/protocol"
)

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
	t := d.text
	for _, c := range changes {
		if c.Range == nil {
			t = newText(c.Text)
			continue
		}
		from, to := t.offsets(*c.Range)
		t = t.replaced(from, to, c.Text)
	}
	return &document{uri: d.uri, path: d.path, version: version, text: t}
}
