// Package protocol has the messages of the Language Server Protocol 3.17 that the
// server uses, under the names of the specification
// (microsoft.github.io/language-server-protocol), and how they are read and written.
// What the server doesn't read or write is left out.
package protocol

// DocumentURI is the URI of a file.
type DocumentURI string

// Position is a place in a text: a line, from 0, and UTF-16 units in it, from 0.
type Position struct {
	Line      uint32 `json:"line"`
	Character uint32 `json:"character"`
}

// Range is a stretch of a text up to, but not including, its end.
type Range struct {
	Start Position `json:"start"`
	End   Position `json:"end"`
}

// Location is a range of a file.
type Location struct {
	URI   DocumentURI `json:"uri"`
	Range Range       `json:"range"`
}

// TextEdit replaces a range.
type TextEdit struct {
	Range   Range  `json:"range"`
	NewText string `json:"newText"`
}

// WorkspaceEdit is edits of files.
type WorkspaceEdit struct {
	Changes         map[DocumentURI][]TextEdit `json:"changes,omitempty"`
	DocumentChanges []TextDocumentEdit         `json:"documentChanges,omitempty"`
}

// TextDocumentEdit is edits of one version of a file.
type TextDocumentEdit struct {
	TextDocument OptionalVersionedTextDocumentIdentifier `json:"textDocument"`
	Edits        []TextEdit                              `json:"edits"`
}

// OptionalVersionedTextDocumentIdentifier is a file, and its version if it is open.
type OptionalVersionedTextDocumentIdentifier struct {
	URI     DocumentURI `json:"uri"`
	Version *int32      `json:"version"`
}

// Command is something that the client may have the server do.
type Command struct {
	Title     string `json:"title"`
	Command   string `json:"command"`
	Arguments []any  `json:"arguments,omitempty"`
}

// MarkupContent is a text in Markdown.
type MarkupContent struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
}

// Markdown makes a MarkupContent.
func Markdown(text string) *MarkupContent { return &MarkupContent{Kind: "markdown", Value: text} }

// TextDocumentIdentifier names a file.
type TextDocumentIdentifier struct {
	URI DocumentURI `json:"uri"`
}

// TextDocumentPositionParams is a place in a file.
type TextDocumentPositionParams struct {
	TextDocument TextDocumentIdentifier `json:"textDocument"`
	Position     Position               `json:"position"`
}

// DocumentParams are the parameters of requests about a whole file.
type DocumentParams struct {
	TextDocument TextDocumentIdentifier `json:"textDocument"`
}

// RangeParams are those of requests about a range.
type RangeParams struct {
	TextDocument TextDocumentIdentifier `json:"textDocument"`
	Range        Range                  `json:"range"`
}

// CancelParams name a request that is no longer wanted.
type CancelParams struct {
	ID any `json:"id"`
}
