package lsp

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sourcegraph/jsonrpc2"
	"golang.org/x/tools/txtar"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/settings"
	"ups/cmd/ups/lsp/protocol"
)

// client is an editor, as far as tests need one: it keeps the texts that it opened,
// makes the changes that it is asked for, and what was published last.
type client struct {
	t      testing.TB
	conn   *jsonrpc2.Conn
	dir    string
	server *server
	done   chan error // of the server

	mu        sync.Mutex
	texts     map[protocol.DocumentURI]*document
	published map[protocol.DocumentURI][]protocol.PublishDiagnosticsParams
	times     map[protocol.DocumentURI][]time.Time // of what was published
	messages  []string
	asked     []string // other requests of the server
}

// start starts a server on a folder with these files, as an archive has them.
func start(t testing.TB, archive string) *client {
	t.Helper()
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		write(t, filepath.Join(dir, f.Name), string(f.Data))
	}
	return startIn(t, dir)
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func startIn(t testing.TB, dir string) *client {
	t.Helper()
	here, there := net.Pipe()
	con := &console.Console{
		Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: io.Discard,
		Getenv: func(string) string { return "" }, IsTerminal: func(any) bool { return false },
	}
	s := newServer(con, settings.Flags{}, true)
	c := &client{
		t: t, dir: dir, server: s, done: make(chan error, 1),
		texts: map[protocol.DocumentURI]*document{}, published: map[protocol.DocumentURI][]protocol.PublishDiagnosticsParams{},
		times: map[protocol.DocumentURI][]time.Time{},
	}
	go func() { c.done <- s.serve(context.Background(), there) }()
	c.conn = jsonrpc2.NewConn(context.Background(), jsonrpc2.NewBufferedStream(here, protocol.Codec{Failed: func(error) {}}), c, jsonrpc2.SetLogger(quiet{}))
	t.Cleanup(c.stop)
	var p protocol.InitializeParams
	p.RootURI = protocol.URIOf(dir)
	p.Capabilities.TextDocument.Completion.CompletionItem.SnippetSupport = true
	p.Capabilities.Workspace.WorkspaceEdit.DocumentChanges = true
	p.Capabilities.Workspace.InlayHint.RefreshSupport = true
	p.Capabilities.Workspace.DidChangeWatchedFiles.DynamicRegistration = true
	var result protocol.InitializeResult
	c.call("initialize", p, &result)
	if result.ServerInfo.Name != "ups" || result.Capabilities.TextDocumentSync.Change != incremental {
		t.Fatalf("initialized as %+v", result)
	}
	c.notify("initialized", struct{}{})
	return c
}

// stop ends the server as a client should.
func (c *client) stop() {
	_ = c.conn.Call(context.Background(), "shutdown", nil, nil)
	c.notify("exit", nil)
	select {
	case err := <-c.done:
		if err != nil {
			c.t.Errorf("the server ended with %v", err)
		}
	case <-time.After(time.Minute):
		c.t.Error("the server doesn't end")
	}
}

// Handle implements jsonrpc2.Handler.
func (c *client) Handle(ctx context.Context, conn *jsonrpc2.Conn, r *jsonrpc2.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch r.Method {
	case "textDocument/publishDiagnostics":
		var p protocol.PublishDiagnosticsParams
		c.decode(r, &p)
		c.published[p.URI], c.times[p.URI] = append(c.published[p.URI], p), append(c.times[p.URI], time.Now())
	case "window/showMessage", "window/logMessage":
		var p protocol.ShowMessageParams
		c.decode(r, &p)
		if strings.Contains(p.Message, "panic") {
			c.t.Error(p.Message)
		}
		c.messages = append(c.messages, p.Message)
	case "workspace/applyEdit":
		var p protocol.ApplyWorkspaceEditParams
		c.decode(r, &p)
		go func() {
			c.apply(&p.Edit)
			_ = conn.Reply(ctx, r.ID, protocol.ApplyWorkspaceEditResult{Applied: true})
		}()
	default:
		c.asked = append(c.asked, r.Method)
		go func() { _ = conn.Reply(ctx, r.ID, nil) }()
	}
}

func (c *client) decode(r *jsonrpc2.Request, v any) {
	if err := json.Unmarshal(*r.Params, v); err != nil {
		c.t.Error(err)
	}
}

func (c *client) uri(name string) protocol.DocumentURI {
	return protocol.URIOf(filepath.Join(c.dir, name))
}

// call makes a request that must succeed.
func (c *client) call(method string, params, result any) {
	c.t.Helper()
	if err := c.conn.Call(context.Background(), method, params, result); err != nil {
		c.t.Fatalf("%s: %v", method, err)
	}
}

// refused makes a request that must fail, and returns why it does.
func (c *client) refused(method string, params any) string {
	c.t.Helper()
	var result json.RawMessage
	err := c.conn.Call(context.Background(), method, params, &result)
	if err == nil {
		c.t.Fatalf("%s is not refused: %s", method, result)
	}
	return err.Error()
}

func (c *client) notify(method string, params any) {
	_ = c.conn.Notify(context.Background(), method, params)
}

// open opens a file as it is on the disk, and returns its text.
func (c *client) open(name string) *document {
	c.t.Helper()
	b, err := os.ReadFile(filepath.Join(c.dir, name))
	if err != nil {
		c.t.Fatal(err)
	}
	return c.openText(name, string(b))
}

func (c *client) openText(name, text string) *document {
	d := &document{uri: c.uri(name), path: filepath.Join(c.dir, name), version: 1, text: newText(text)}
	c.mu.Lock()
	c.texts[d.uri] = d
	c.mu.Unlock()
	c.notify("textDocument/didOpen", protocol.DidOpenTextDocumentParams{TextDocument: protocol.TextDocumentItem{URI: d.uri, Version: 1, Text: text}})
	return d
}

// edit replaces a part of a text that is open.
func (c *client) edit(uri protocol.DocumentURI, r protocol.Range, by string) *document {
	change := []protocol.TextDocumentContentChangeEvent{{Range: &r, Text: by}}
	c.mu.Lock()
	d := c.texts[uri].edited(c.texts[uri].version+1, change)
	c.texts[uri] = d
	c.mu.Unlock()
	c.notify("textDocument/didChange", protocol.DidChangeTextDocumentParams{
		TextDocument: protocol.VersionedTextDocumentIdentifier{URI: uri, Version: d.version}, ContentChanges: change,
	})
	return d
}

// replace replaces the first place where a text stands.
func (c *client) replace(d *document, old, new string) *document {
	c.t.Helper()
	now := c.now(d)
	i := strings.Index(now.String(), old)
	if i < 0 {
		c.t.Fatalf("no %q in %s", old, now.String())
	}
	return c.edit(d.uri, now.Span(i, i+len(old)), new)
}

// now returns the newest version of a text.
func (c *client) now(d *document) *document {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.texts[d.uri]
}

// apply makes the changes of an edit, in files that are open and others.
func (c *client) apply(e *protocol.WorkspaceEdit) {
	for _, change := range e.DocumentChanges {
		c.applyTo(change.TextDocument.URI, change.Edits)
	}
	for uri, edits := range e.Changes {
		c.applyTo(uri, edits)
	}
}

func (c *client) applyTo(uri protocol.DocumentURI, edits []protocol.TextEdit) {
	c.mu.Lock()
	d := c.texts[uri]
	c.mu.Unlock()
	if d == nil {
		path := uri.Path()
		b, err := os.ReadFile(path)
		if err != nil {
			c.t.Error(err)
		}
		write(c.t, path, appliedTo(c.t, newText(string(b)), edits))
		return
	}
	c.edit(uri, d.Span(0, len(d.String())), appliedTo(c.t, d.text, edits))
}

// appliedTo returns a text after edits, which must be apart.
func appliedTo(t testing.TB, was *text, edits []protocol.TextEdit) string {
	var b strings.Builder
	last := 0
	for _, e := range edits {
		from, to := was.Offsets(e.Range)
		if from < last {
			t.Errorf("edits are not in order, or overlap: %v", edits)
			return was.String()
		}
		b.WriteString(was.String()[last:from] + e.NewText)
		last = to
	}
	return b.String() + was.String()[last:]
}

// patience is how long a test waits for the server: other things may run too.
const patience = 30 * time.Second

// eventually waits until something is so. The client's state is locked meanwhile.
func (c *client) eventually(is func() bool) bool {
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		c.mu.Lock()
		so := is()
		c.mu.Unlock()
		if so {
			return true
		}
	}
	return false
}

// wait waits until what was published last of a file is as wanted.
func (c *client) wait(uri protocol.DocumentURI, wanted func(protocol.PublishDiagnosticsParams) bool) protocol.PublishDiagnosticsParams {
	c.t.Helper()
	var last protocol.PublishDiagnosticsParams
	if !c.eventually(func() bool {
		if all := c.published[uri]; len(all) > 0 {
			last = all[len(all)-1]
			return wanted(last)
		}
		return false
	}) {
		c.t.Fatalf("waited for other diagnostics of %s than %+v", uri, last)
	}
	return last
}

// found waits until diagnostics with exactly these codes are shown of a document, in
// the order of their places.
func (c *client) found(d *document, codes ...string) []protocol.Diagnostic {
	c.t.Helper()
	now := c.now(d)
	p := c.wait(d.uri, func(p protocol.PublishDiagnosticsParams) bool {
		if p.Version == nil || *p.Version != now.version || len(p.Diagnostics) != len(codes) {
			return false
		}
		for i, code := range codes {
			if p.Diagnostics[i].Code != code {
				return false
			}
		}
		return true
	})
	return p.Diagnostics
}

// at returns the place of a document that a text marks with ^.
func (c *client) at(d *document, marked string) protocol.TextDocumentPositionParams {
	c.t.Helper()
	before, after, _ := strings.Cut(marked, "^")
	now := c.now(d)
	i := strings.Index(now.String(), before+after)
	if i < 0 {
		c.t.Fatalf("no %q in %s", before+after, now.String())
	}
	return protocol.TextDocumentPositionParams{
		TextDocument: protocol.TextDocumentIdentifier{URI: d.uri}, Position: now.Position(i + len(before)),
	}
}

// told waits for a message that contains a text.
func (c *client) told(part string) {
	c.t.Helper()
	if !c.eventually(func() bool {
		return slices.ContainsFunc(c.messages, func(m string) bool { return strings.Contains(m, part) })
	}) {
		c.t.Errorf("%q was not said: %q", part, c.messages)
	}
}

// placeText writes a position as people count, from 1.
func placeText(p protocol.Position) string { return fmt.Sprintf(":%d:%d", p.Line+1, p.Character+1) }

// methodsInOrder are the requests that the server knows.
func methodsInOrder() []string { return slices.Sorted(maps.Keys(requests)) }

// isFault reports whether an error is one of the server, not of what was asked.
func isFault(err error) bool { return strings.Contains(err.Error(), "a fault of the server") }
