package protocol

// InitializeParams tell of the client.
type InitializeParams struct {
	RootURI          DocumentURI        `json:"rootUri,omitempty"`
	WorkspaceFolders []WorkspaceFolder  `json:"workspaceFolders,omitempty"`
	Capabilities     ClientCapabilities `json:"capabilities"`
}

// WorkspaceFolder is a folder that is open in the client.
type WorkspaceFolder struct {
	URI  DocumentURI `json:"uri"`
	Name string      `json:"name"`
}

// ClientCapabilities is what the client can do.
type ClientCapabilities struct {
	Workspace struct {
		WorkspaceEdit struct {
			DocumentChanges bool `json:"documentChanges"`
		} `json:"workspaceEdit"`
		DidChangeWatchedFiles struct {
			DynamicRegistration bool `json:"dynamicRegistration"`
		} `json:"didChangeWatchedFiles"`
		InlayHint      RefreshCapability `json:"inlayHint"`
		SemanticTokens RefreshCapability `json:"semanticTokens"`
	} `json:"workspace"`
	TextDocument struct {
		Completion struct {
			CompletionItem struct {
				SnippetSupport bool `json:"snippetSupport"`
			} `json:"completionItem"`
		} `json:"completion"`
	} `json:"textDocument"`
}

// RefreshCapability says whether the client asks anew for something when it is told
// to.
type RefreshCapability struct {
	RefreshSupport bool `json:"refreshSupport"`
}

// InitializeResult tells of the server.
type InitializeResult struct {
	Capabilities ServerCapabilities `json:"capabilities"`
	ServerInfo   ServerInfo         `json:"serverInfo"`
}

// ServerInfo names the server.
type ServerInfo struct {
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
}

// ServerCapabilities is what the server can do.
type ServerCapabilities struct {
	PositionEncoding           string                 `json:"positionEncoding"`
	TextDocumentSync           SyncOptions            `json:"textDocumentSync"`
	HoverProvider              bool                   `json:"hoverProvider"`
	CompletionProvider         CompletionOptions      `json:"completionProvider"`
	DefinitionProvider         bool                   `json:"definitionProvider"`
	ReferencesProvider         bool                   `json:"referencesProvider"`
	DocumentHighlightProvider  bool                   `json:"documentHighlightProvider"`
	DocumentSymbolProvider     bool                   `json:"documentSymbolProvider"`
	WorkspaceSymbolProvider    bool                   `json:"workspaceSymbolProvider"`
	DocumentFormattingProvider bool                   `json:"documentFormattingProvider"`
	RenameProvider             RenameOptions          `json:"renameProvider"`
	CodeActionProvider         CodeActionOptions      `json:"codeActionProvider"`
	ExecuteCommandProvider     ExecuteCommandOptions  `json:"executeCommandProvider"`
	InlayHintProvider          bool                   `json:"inlayHintProvider"`
	FoldingRangeProvider       bool                   `json:"foldingRangeProvider"`
	SelectionRangeProvider     bool                   `json:"selectionRangeProvider"`
	SemanticTokensProvider     SemanticTokensOptions  `json:"semanticTokensProvider"`
	Workspace                  WorkspaceServerOptions `json:"workspace"`
}

// SyncOptions says how the client sends texts. Change is 2 for edits.
type SyncOptions struct {
	OpenClose bool `json:"openClose"`
	Change    int  `json:"change"`
	Save      bool `json:"save"`
}

// CompletionOptions says when completions are asked for.
type CompletionOptions struct {
	TriggerCharacters []string `json:"triggerCharacters"`
}

// RenameOptions says that a rename is prepared.
type RenameOptions struct {
	PrepareProvider bool `json:"prepareProvider"`
}

// CodeActionOptions has the kinds of code actions.
type CodeActionOptions struct {
	CodeActionKinds []string `json:"codeActionKinds"`
}

// ExecuteCommandOptions has the commands.
type ExecuteCommandOptions struct {
	Commands []string `json:"commands"`
}

// SemanticTokensOptions has the kinds of tokens.
type SemanticTokensOptions struct {
	Legend SemanticTokensLegend `json:"legend"`
	Full   bool                 `json:"full"`
	Range  bool                 `json:"range"`
}

// SemanticTokensLegend names the kinds of tokens by number.
type SemanticTokensLegend struct {
	TokenTypes     []string `json:"tokenTypes"`
	TokenModifiers []string `json:"tokenModifiers"`
}

// WorkspaceServerOptions is about the folders that are open.
type WorkspaceServerOptions struct {
	WorkspaceFolders WorkspaceFoldersOptions `json:"workspaceFolders"`
}

// WorkspaceFoldersOptions says that folders may be opened and closed.
type WorkspaceFoldersOptions struct {
	Supported           bool `json:"supported"`
	ChangeNotifications bool `json:"changeNotifications"`
}

// DidChangeWorkspaceFoldersParams are folders that were opened and closed.
type DidChangeWorkspaceFoldersParams struct {
	Event struct {
		Added   []WorkspaceFolder `json:"added"`
		Removed []WorkspaceFolder `json:"removed"`
	} `json:"event"`
}

// RegistrationParams asks the client for something that it does on demand.
type RegistrationParams struct {
	Registrations []Registration `json:"registrations"`
}

// Registration is one such thing.
type Registration struct {
	ID              string `json:"id"`
	Method          string `json:"method"`
	RegisterOptions any    `json:"registerOptions,omitempty"`
}

// DidChangeWatchedFilesRegistrationOptions names the files to watch.
type DidChangeWatchedFilesRegistrationOptions struct {
	Watchers []FileSystemWatcher `json:"watchers"`
}

// FileSystemWatcher names files by a glob.
type FileSystemWatcher struct {
	GlobPattern string `json:"globPattern"`
}
