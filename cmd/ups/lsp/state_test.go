package lsp

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/settings"
	"ups/cmd/ups/lsp/protocol"
)

// TestStoppedLintIsDoneAgain stops the lint of a state that is not past, as one
// request did for which others must not suffer.
func TestStoppedLintIsDoneAgain(t *testing.T) {
	c := start(t, "")
	d := c.openText("ups_10000001_10000002.rss", list)
	c.found(d, "unreachable")
	src := c.server.source(d.path)
	stopped := c.server.compiled(src)
	stopped.supersede()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	now, found, err := c.server.linted(ctx, src)
	if err != nil || now == stopped || found.analysis == nil {
		t.Errorf("%v, %v", found, err)
	}
}

// TestStopOr stops work for either reason, and leaves the compilation to others.
func TestStopOr(t *testing.T) {
	c := start(t, "")
	d := c.openText("ups_10000001_10000002.rss", list)
	c.found(d, "unreachable") // it was opened
	unit := c.server.compiled(c.server.source(d.path))
	ctx, cancel := context.WithCancel(context.Background())
	stop := unit.stopOr(ctx)
	select {
	case <-stop:
		t.Error("stopped for no reason")
	default:
	}
	cancel()
	<-stop
	if unit.superseded() {
		t.Error("who cancels a request stops the lint that others wait for")
	}
	stop = unit.stopOr(context.Background())
	unit.supersede()
	<-stop
}

// TestFaultOfARule leaves a source without findings, and the server running.
func TestFaultOfARule(t *testing.T) {
	faults := 0
	c := &compilation{stop: make(chan struct{}), done: make(chan struct{}), recover: func(string) {
		if recover() != nil {
			faults++
		}
	}} // without a result, which look needs
	found, err := c.linted(context.Background())
	if err != nil || found == nil || found.analysis != nil || faults != 1 {
		t.Errorf("%v, %v, %d faults", found, err, faults)
	}
}

// TestOneCheckAtATime makes many edits while a source is being compiled: it is
// checked once more, not once for each.
func TestOneCheckAtATime(t *testing.T) {
	c := start(t, "")
	d := c.openText("ups_10000001_10000002.rss", list)
	c.found(d, "unreachable")
	src := c.server.source(d.path)
	src.compiling.Lock()
	for i := range 50 {
		c.edit(d.uri, protocol.Range{}, strings.Repeat(" ", i%2))
	}
	c.call("textDocument/foldingRange", c.document(d), &json.RawMessage{}) // all were taken in
	src.compiling.Unlock()
	c.found(d, "unreachable")
	if !c.eventually(func() bool { return src.wanted.Load() == 0 }) {
		t.Error("it is still being checked")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := len(c.published[d.uri]); n > 2+4 {
		t.Errorf("diagnostics were shown %d times", n)
	}
}

// TestPastChangesAreForgotten has no list that grows with each file that was open.
func TestPastChangesAreForgotten(t *testing.T) {
	c := start(t, "")
	for range 20 {
		d := c.openText("common.rh", "#define KOne 1\n")
		c.replace(d, "1", "2")
		c.notify("textDocument/didClose", c.document(d))
	}
	d := c.openText("ups_10000001_10000002.rss", list)
	c.found(d, "unreachable")
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	if n := len(c.server.changed); n > 1 {
		t.Errorf("%d changes are remembered", n)
	}
}

// TestOutOfOrder passes over notifications that may not come yet, or any more, and
// refuses a second initialize.
func TestOutOfOrder(t *testing.T) {
	s := newServer(&console.Console{Stderr: io.Discard}, settings.Flags{}, true)
	open := func() bool { return s.listens("textDocument/didOpen") }
	if open() || !s.listens("exit") {
		t.Error("before initialize")
	}
	if _, err := s.answer(context.Background(), "initialize", json.RawMessage(`{}`)); err != nil || !open() {
		t.Error(err)
	}
	var refused interface{ Error() string }
	if _, err := s.answer(context.Background(), "initialize", json.RawMessage(`{}`)); !errors.As(err, &refused) || !strings.Contains(err.Error(), "only once") {
		t.Error(err)
	}
	if _, err := s.answer(context.Background(), "shutdown", nil); err != nil || open() || !s.listens("exit") {
		t.Error(err)
	}
}

// TestSourcesWithoutAnEnd checks a text that was never saved, and a file whose name
// has no end, if they have policies.
func TestSourcesWithoutAnEnd(t *testing.T) {
	c := start(t, "")
	for _, uri := range []protocol.DocumentURI{"untitled:Untitled-1", c.uri("policies")} {
		open := protocol.DidOpenTextDocumentParams{TextDocument: protocol.TextDocumentItem{URI: uri, Version: 1, Text: list}}
		c.notify("textDocument/didOpen", open)
		p := c.wait(uri, func(p protocol.PublishDiagnosticsParams) bool { return len(p.Diagnostics) > 0 })
		if p.Diagnostics[0].Code != "unreachable" {
			t.Errorf("%s: %+v", uri, p)
		}
	}
}

// TestUserOf finds one source of those that read a header, always the same: an open
// one if there is one.
func TestUserOf(t *testing.T) {
	c := start(t, withHeader)
	h := c.open("common/sids.rh")
	first, open := c.uri("sub/ups_10000001_10000003.rss"), c.uri("ups_10000001_10000002.rss")
	c.wait(first, func(protocol.PublishDiagnosticsParams) bool { return true })
	c.wait(open, func(protocol.PublishDiagnosticsParams) bool { return true })
	d := c.open("ups_10000001_10000002.rss")
	c.found(d)
	for range 20 {
		c.server.mu.Lock()
		got := c.server.userOf(h.path).path
		c.server.mu.Unlock()
		if got != d.path {
			t.Fatal(got)
		}
	}
}

// TestEditsWhileChecked makes edits at moments when requests compile for themselves:
// whoever comes first, all is found in the end.
func TestEditsWhileChecked(t *testing.T) {
	c := start(t, "")
	d := c.openText("ups_10000001_10000002.rss", list)
	for i := range 30 {
		c.edit(d.uri, protocol.Range{}, " ")
		go func() {
			_ = c.conn.Call(context.Background(), "textDocument/inlayHint", protocol.RangeParams{TextDocument: protocol.TextDocumentIdentifier{URI: d.uri}}, nil)
		}()
		time.Sleep(time.Duration(i%3) * time.Millisecond)
		if i%10 == 9 {
			c.found(d, "unreachable")
		}
	}
}

// TestMissedChange checks a source again if a header that it had not read before
// changed while it was being compiled, and not if the check itself fails.
func TestMissedChange(t *testing.T) {
	c := start(t, withMacros)
	d, h := c.open("ups_10000001_10000002.rss"), c.open("asks.rh")
	c.idle(d)
	s, src := c.server, c.server.source(d.path)
	if s.missed(src, nil) {
		t.Error("nothing changed")
	}
	s.mu.Lock() // as an edit is taken in that the source isn't told of
	s.revision++
	s.changed[h.path] = s.revision
	s.mu.Unlock()
	if !s.missed(src, nil) {
		t.Error("a change is missed")
	}
	if s.missed(src, src.now.Load()) {
		t.Error("a check that fails would be made again for ever")
	}
	s.drop(d.path)
	if s.missed(src, nil) {
		t.Error("a source is checked that was closed")
	}
}

// TestHeaderIsEditedAtOnce edits a header while the sources that read it are looked
// for and compiled.
func TestHeaderIsEditedAtOnce(t *testing.T) {
	for range 20 {
		c := start(t, withHeader)
		h := c.open("common/sids.rh")
		c.replace(h, "KGame", "KGames")
		for _, name := range []string{"ups_10000001_10000002.rss", "sub/ups_10000001_10000003.rss"} {
			c.wait(c.uri(name), func(p protocol.PublishDiagnosticsParams) bool {
				return len(p.Diagnostics) > 0 && p.Diagnostics[0].Code == "constant-unknown"
			})
		}
	}
}
