package lsp

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/sourcegraph/jsonrpc2"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/settings"
	"ups/cmd/ups/lsp/protocol"
)

// message writes a message as it is sent.
func message(body string) string { return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body) }

// TestBadMessages ends a connection that can't go on, and says why.
func TestBadMessages(t *testing.T) {
	begin := message(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}`)
	for name, tt := range map[string]struct{ in, want string }{
		"nothing":             {"", "the client left without a shutdown request"},
		"left at once":        {begin, "the client left without a shutdown request"},
		"no length":           {"Content-Type: x\r\n\r\n{}", "it has no Content-Length"},
		"a word for a length": {"Content-Length: many\r\n\r\n{}", `its Content-Length is "many"`},
		"less than nothing":   {"Content-Length: -1\r\n\r\n{}", `its Content-Length is "-1"`},
		"too long":            {"Content-Length: 999999999\r\n\r\n{}", "it must be a number up to 100663296"},
		"endless header":      {strings.Repeat("x", 5000), "longer than 4096 bytes"},
		"cut off header":      {"Content-Length: 10\r\n", "unexpected EOF"},
		"cut off":             {"Content-Length: 10\r\n\r\n{}", "unexpected EOF"},
		"no JSON":             {message("hello"), "invalid character"},
		"well":                {begin + message(`{"jsonrpc":"2.0","id":2,"method":"shutdown"}`) + message(`{"jsonrpc":"2.0","method":"exit"}`), ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(&console.Console{Stderr: io.Discard}, settings.Flags{}, true)
			err := s.serve(context.Background(), &exchange{in: strings.NewReader(tt.in), answers: &bytes.Buffer{}})
			if got := fmt.Sprint(err); err == nil && tt.want != "" || err != nil && (tt.want == "" || !strings.Contains(got, tt.want)) {
				t.Errorf("%s, want %q", got, tt.want)
			}
		})
	}
}

// exchange is the two directions of a connection. What is read waits for answers to
// what was read before, since a client that leaves isn't answered.
type exchange struct {
	in      *strings.Reader
	answers *bytes.Buffer
}

func (x *exchange) Read(b []byte) (int, error) {
	if x.in.Len() == 0 {
		time.Sleep(200 * time.Millisecond)
	}
	return x.in.Read(b)
}

func (x *exchange) Write(b []byte) (int, error) { return x.answers.Write(b) }

func TestRefusedRequests(t *testing.T) {
	c := start(t, "")
	d := c.openText("ups_10000001_10000002.rss", list)
	none := protocol.TextDocumentIdentifier{URI: c.uri("none.rss")}
	for _, tt := range []struct {
		method string
		params any
		want   string
	}{
		{"textDocument/nothing", nil, "unknown method textDocument/nothing"},
		{"textDocument/hover", "text", "cannot unmarshal"},
		{"textDocument/hover", map[string]any{"position": map[string]any{"line": -1}}, "cannot unmarshal"},
		{"textDocument/hover", protocol.TextDocumentPositionParams{TextDocument: none}, "is not open"},
		{"textDocument/formatting", protocol.DocumentParams{TextDocument: none}, "is not open"},
		{"workspace/executeCommand", protocol.ExecuteCommandParams{Command: "rm", Arguments: []any{d.uri}}, "unknown command rm"},
	} {
		if got := c.refused(tt.method, tt.params); !strings.Contains(got, tt.want) {
			t.Errorf("%s: %s", tt.method, got)
		}
	}
	c.notify("textDocument/didChange", protocol.DidChangeTextDocumentParams{TextDocument: protocol.VersionedTextDocumentIdentifier{URI: none.URI}})
	c.told("none.rss is not open")
	far := protocol.TextDocumentPositionParams{TextDocument: protocol.TextDocumentIdentifier{URI: d.uri}, Position: protocol.Position{Line: 1 << 31, Character: 1 << 31}}
	c.call("textDocument/hover", far, &json.RawMessage{}) // is the end of the text
}

// TestBeforeInitialize refuses all but initialize.
func TestBeforeInitialize(t *testing.T) {
	s := newServer(&console.Console{Stderr: io.Discard}, settings.Flags{}, true)
	if _, err := s.answer(context.Background(), "textDocument/hover", nil); err == nil || !strings.Contains(err.Error(), "initialize must come first") {
		t.Error(err)
	}
	if _, err := s.answer(context.Background(), "initialize", json.RawMessage(`{}`)); err != nil {
		t.Error(err)
	}
	if _, err := s.answer(context.Background(), "shutdown", nil); err != nil {
		t.Error(err)
	}
	if _, err := s.answer(context.Background(), "textDocument/hover", nil); err == nil || !strings.Contains(err.Error(), "was asked to shut down") {
		t.Error(err)
	}
}

// TestCancel cancels a request that waits for lint.
func TestCancel(t *testing.T) {
	c := start(t, "")
	d := c.openText("ups_10000001_10000002.rss", largeSource(t))
	for i, id := range []jsonrpc2.ID{{Num: 900}, {Str: "nine hundred", IsString: true}} {
		call, err := c.conn.DispatchCall(context.Background(), "textDocument/inlayHint", protocol.RangeParams{
			TextDocument: protocol.TextDocumentIdentifier{URI: d.uri}, Range: protocol.Range{End: protocol.Position{Line: 1 << 20}},
		}, jsonrpc2.PickID(id))
		if err != nil {
			t.Fatal(err)
		}
		c.notify("$/cancelRequest", map[string]any{"id": id})
		err = call.Wait(context.Background(), &json.RawMessage{})
		if e, is := err.(*jsonrpc2.Error); !is || e.Code != codeRequestCancelled {
			t.Errorf("%v", err)
		}
		c.keystroke(d, i) // lint begins again
	}
}

// TestSupersededWorkStops makes edits while lint runs: only the newest is waited for.
func TestSupersededWorkStops(t *testing.T) {
	c := start(t, "")
	d := c.openText("ups_10000001_10000002.rss", largeSource(t))
	src := c.server.source(d.path)
	var past []*compilation
	for i := range 5 {
		past = append(past, c.server.compiled(src))
		past[len(past)-1].lint()
		c.keystroke(d, 2*i)
		c.call("textDocument/foldingRange", c.document(d), &json.RawMessage{}) // the edit was taken in
	}
	stopped := 0
	for _, p := range past {
		if !p.superseded() {
			t.Error("a compilation that is past isn't stopped")
		}
		if <-p.done; p.found == nil {
			stopped++
		}
	}
	if stopped < 4 {
		t.Errorf("only %d of %d runs of lint ended early", stopped, len(past))
	}
	_, found, err := c.server.linted(context.Background(), src)
	if err != nil || found.analysis == nil {
		t.Errorf("%v, %v", found, err)
	}
}
