package lsp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/sourcegraph/jsonrpc2"

	"ups/cmd/ups/lsp/protocol"
)

// Codes of errors that the protocol adds to those of JSON-RPC.
const (
	codeNotInitialized   = -32002
	codeContentModified  = -32801
	codeRequestCancelled = -32800
	codeRequestFailed    = -32803
)

// call answers a request; its result may be nil.
type call func(s *server, ctx context.Context, params json.RawMessage) (any, error)

// request makes a call of a method of the server.
func request[P, R any](f func(*server, context.Context, *P) (R, error)) call {
	return func(s *server, ctx context.Context, raw json.RawMessage) (any, error) {
		p := new(P)
		if err := decode(raw, p); err != nil {
			return nil, err
		}
		return f(s, ctx, p)
	}
}

// notification makes a call of a method that has no result.
func notification[P any](f func(*server, context.Context, *P) error) call {
	return request(func(s *server, ctx context.Context, p *P) (any, error) { return nil, f(s, ctx, p) })
}

func decode(raw json.RawMessage, p any) error {
	if len(raw) == 0 {
		return nil
	}
	if err := json.Unmarshal(raw, p); err != nil {
		return &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidParams, Message: err.Error()}
	}
	return nil
}

// requests are answered in goroutines of their own.
var requests = map[string]call{
	"initialize":                        request((*server).initialize),
	"shutdown":                          request((*server).shutdown),
	"textDocument/hover":                request((*server).hover),
	"textDocument/completion":           request((*server).completion),
	"textDocument/definition":           request((*server).definition),
	"textDocument/references":           request((*server).references),
	"textDocument/documentHighlight":    request((*server).highlight),
	"textDocument/prepareRename":        request((*server).prepareRename),
	"textDocument/rename":               request((*server).rename),
	"textDocument/documentSymbol":       request((*server).documentSymbol),
	"workspace/symbol":                  request((*server).workspaceSymbol),
	"textDocument/formatting":           request((*server).formatting),
	"textDocument/codeAction":           request((*server).codeAction),
	"workspace/executeCommand":          request((*server).executeCommand),
	"textDocument/inlayHint":            request((*server).inlayHint),
	"textDocument/foldingRange":         request((*server).foldingRange),
	"textDocument/selectionRange":       request((*server).selectionRange),
	"textDocument/semanticTokens/full":  request((*server).semanticTokens),
	"textDocument/semanticTokens/range": request((*server).semanticTokensRange),
}

// notifications are taken in one after the other, in the order of the client.
var notifications = map[string]call{
	"initialized":                         notification((*server).initialized),
	"exit":                                notification((*server).leave),
	"$/cancelRequest":                     notification((*server).cancel),
	"textDocument/didOpen":                notification((*server).didOpen),
	"textDocument/didChange":              notification((*server).didChange),
	"textDocument/didClose":               notification((*server).didClose),
	"textDocument/didSave":                notification((*server).didSave),
	"workspace/didChangeWatchedFiles":     notification((*server).didChangeFiles),
	"workspace/didChangeWorkspaceFolders": notification((*server).didChangeFolders),
}

// handler hands messages to the server. The connection calls it for one after the
// other.
type handler struct{ *server }

func (h handler) Handle(ctx context.Context, conn *jsonrpc2.Conn, r *jsonrpc2.Request) {
	h.connected.Do(func() { h.conn = conn }) // messages come before NewConn returns
	var params json.RawMessage
	if r.Params != nil {
		params = *r.Params
	}
	if r.Notif {
		if f := notifications[r.Method]; f != nil && h.listens(r.Method) {
			if _, err := h.run(ctx, f, params); err != nil {
				h.log(fmt.Sprintf("%s: %v", r.Method, err))
			}
		}
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	h.running.Store(r.ID, cancel)
	answer := func() {
		defer h.running.Delete(r.ID)
		defer cancel()
		result, err := h.answer(ctx, r.Method, params)
		if err != nil {
			_ = conn.ReplyWithError(context.Background(), r.ID, errorOf(err))
			return
		}
		_ = conn.Reply(context.Background(), r.ID, result)
	}
	if r.Method == "initialize" || r.Method == "shutdown" {
		answer() // before anything else is taken in
		return
	}
	go answer()
}

// listens reports whether a notification is taken in: before initialize and after
// shutdown only the one that ends the server is.
func (s *server) listens(method string) bool {
	return method == "exit" || s.begun.Load() && !s.asked.Load()
}

// answer finds the result of a request.
func (s *server) answer(ctx context.Context, method string, params json.RawMessage) (any, error) {
	f := requests[method]
	switch {
	case f == nil:
		return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeMethodNotFound, Message: "unknown method " + method}
	case s.asked.Load():
		return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidRequest, Message: "the server was asked to shut down"}
	case s.begun.Load() == (method == "initialize"):
		return nil, outOfOrder(method)
	case isPassedOver(method, params):
		return nil, nil
	}
	return s.run(ctx, f, params)
}

// outOfOrder is the error of a request before initialize, or of a second one.
func outOfOrder(method string) error {
	if method == "initialize" {
		return &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidRequest, Message: "initialize may come only once"}
	}
	return &jsonrpc2.Error{Code: codeNotInitialized, Message: "initialize must come first"}
}

// isPassedOver reports whether a request is about YAML of others, which clients send
// along with configurations, or about something that configurations don't have.
func isPassedOver(method string, params json.RawMessage) bool {
	var p protocol.DocumentParams
	if err := json.Unmarshal(params, &p); err != nil {
		return false // the call says what is wrong
	}
	path := p.TextDocument.URI.Path()
	if isConfig(path) {
		return method != "textDocument/hover" && method != "textDocument/completion"
	}
	ext := strings.ToLower(filepath.Ext(path))
	return ext == ".yaml" || ext == ".yml"
}

// run makes a call, and an error of a panic: one request fails alone.
func (s *server) run(ctx context.Context, f call, params json.RawMessage) (result any, err error) {
	defer func() {
		if p := recover(); p != nil {
			s.log(fmt.Sprintf("panic: %v\n%s", p, debug.Stack()))
			err = fmt.Errorf("a fault of the server: %v", p)
		}
	}()
	return f(s, ctx, params)
}

// recoverFrom logs a panic of what runs for no request.
func (s *server) recoverFrom(what string) {
	if p := recover(); p != nil {
		s.log(fmt.Sprintf("panic while %s: %v\n%s", what, p, debug.Stack()))
	}
}

// errorOf returns an error as the protocol has it.
func errorOf(err error) *jsonrpc2.Error {
	var e *jsonrpc2.Error
	switch {
	case errors.As(err, &e):
		return e
	case errors.Is(err, context.Canceled):
		return &jsonrpc2.Error{Code: codeRequestCancelled, Message: "cancelled"}
	case errors.Is(err, errSuperseded):
		return &jsonrpc2.Error{Code: codeContentModified, Message: err.Error()}
	}
	return &jsonrpc2.Error{Code: codeRequestFailed, Message: err.Error()}
}

func errNotOpen(uri protocol.DocumentURI) error {
	return &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidParams, Message: fmt.Sprintf("%s is not open", uri)}
}

// cancel cancels a request that runs.
func (s *server) cancel(_ context.Context, p *protocol.CancelParams) error {
	var id jsonrpc2.ID
	switch v := p.ID.(type) {
	case string:
		id = jsonrpc2.ID{Str: v, IsString: true}
	case float64:
		id = jsonrpc2.ID{Num: uint64(v)}
	}
	if f, runs := s.running.Load(id); runs {
		f.(context.CancelFunc)()
	}
	return nil
}

// log writes to the log of the client.
func (s *server) log(message string) {
	s.notify("window/logMessage", protocol.ShowMessageParams{Type: protocol.MessageError, Message: message})
}
