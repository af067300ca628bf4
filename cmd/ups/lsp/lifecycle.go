package lsp

import (
	"context"
	"runtime/debug"

	"ups/cmd/ups/internal/version"
	"ups/cmd/ups/lsp/protocol"
	"ups/lint"
)

const (
	incremental = 2 // texts are sent as edits
	registered  = "files"
)

func (s *server) initialize(_ context.Context, p *protocol.InitializeParams) (*protocol.InitializeResult, error) {
	s.client = p.Capabilities
	s.mu.Lock()
	for _, f := range p.WorkspaceFolders {
		s.folders = append(s.folders, f.URI.Path())
	}
	if len(s.folders) == 0 && p.RootURI != "" {
		s.folders = []string{p.RootURI.Path()}
	}
	s.mu.Unlock()
	s.begun.Store(true)
	info, _ := debug.ReadBuildInfo()
	return &protocol.InitializeResult{
		ServerInfo:   protocol.ServerInfo{Name: program, Version: version.Semantic(info)},
		Capabilities: capabilities(),
	}, nil
}

func capabilities() protocol.ServerCapabilities {
	return protocol.ServerCapabilities{
		PositionEncoding:           "utf-16",
		TextDocumentSync:           protocol.SyncOptions{OpenClose: true, Change: incremental, Save: true},
		HoverProvider:              true,
		CompletionProvider:         protocol.CompletionOptions{TriggerCharacters: []string{"=", "|", "{", "\"", "<", "#", " ", ","}},
		DefinitionProvider:         true,
		ReferencesProvider:         true,
		DocumentHighlightProvider:  true,
		DocumentSymbolProvider:     true,
		WorkspaceSymbolProvider:    true,
		DocumentFormattingProvider: true,
		RenameProvider:             protocol.RenameOptions{PrepareProvider: true},
		CodeActionProvider:         protocol.CodeActionOptions{CodeActionKinds: []string{protocol.KindQuickFix, protocol.KindSort, protocol.KindSource}},
		ExecuteCommandProvider:     protocol.ExecuteCommandOptions{Commands: commandNames()},
		InlayHintProvider:          true,
		FoldingRangeProvider:       true,
		SelectionRangeProvider:     true,
		SemanticTokensProvider: protocol.SemanticTokensOptions{
			Legend: protocol.SemanticTokensLegend{TokenTypes: tokenTypes, TokenModifiers: []string{}}, Full: true, Range: true,
		},
		Workspace: protocol.WorkspaceServerOptions{WorkspaceFolders: protocol.WorkspaceFoldersOptions{Supported: true, ChangeNotifications: true}},
	}
}

// initialized asks the client to tell of files that change on the disk.
func (s *server) initialized(context.Context, *struct{}) error {
	if !s.client.Workspace.DidChangeWatchedFiles.DynamicRegistration {
		return nil
	}
	var watchers []protocol.FileSystemWatcher
	for _, glob := range []string{"**/*.rss", "**/*.rpp", "**/*.rh", "**/*.hrh", "**/*.h", "**/*.rsg", "**/" + lint.ConfigName} {
		watchers = append(watchers, protocol.FileSystemWatcher{GlobPattern: glob})
	}
	go func() {
		_ = s.conn.Call(context.Background(), "client/registerCapability", protocol.RegistrationParams{Registrations: []protocol.Registration{{
			ID: registered, Method: "workspace/didChangeWatchedFiles",
			RegisterOptions: protocol.DidChangeWatchedFilesRegistrationOptions{Watchers: watchers},
		}}}, nil) // without it, changes on the disk are seen when a file is opened
	}()
	return nil
}

func (s *server) shutdown(context.Context, *struct{}) (any, error) {
	s.asked.Store(true)
	s.stopAll()
	return nil, nil
}

// leave ends the server.
func (s *server) leave(context.Context, *struct{}) error {
	s.exitOnce.Do(func() { close(s.exit) })
	return nil
}

// stopped reports whether the client has gone, or asked the server to end.
func (s *server) stopped() bool {
	select {
	case <-s.exit:
		return true
	case <-s.conn.DisconnectNotify():
		return true
	default:
		return s.asked.Load()
	}
}
