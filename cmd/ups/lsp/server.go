package lsp

import (
	"context"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/sourcegraph/jsonrpc2"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/settings"
	"ups/cmd/ups/lsp/protocol"
	"ups/lint"
)

// server is the state of one connection.
type server struct {
	con   *console.Console
	flags settings.Flags
	lints bool

	conn      *jsonrpc2.Conn // since the first message
	connected sync.Once
	begun     atomic.Bool // initialize has come
	asked     atomic.Bool // to shut down
	exit      chan struct{}
	exitOnce  sync.Once
	readError firstError
	client    protocol.ClientCapabilities

	running sync.Map // from the id of a request to what cancels it

	mu       sync.Mutex // held for moments only
	texts    texts
	revision int            // raised by each change of a text
	changed  map[string]int // the revision of a text's last change
	opened   int            // the revision at which files last came or went
	sources  map[string]*source
	folders  []string

	publishing sync.Mutex // held while diagnostics are sent
	shown      map[string]map[string][]protocol.Diagnostic

	folderIndex index
}

func newServer(con *console.Console, flags settings.Flags, lints bool) *server {
	return &server{
		con: con, flags: flags, lints: lints, exit: make(chan struct{}),
		texts: texts{}, changed: map[string]int{}, sources: map[string]*source{},
		shown: map[string]map[string][]protocol.Diagnostic{},
	}
}

// firstError keeps the first error of several.
type firstError struct{ atomic.Pointer[error] }

func (f *firstError) set(err error) { f.CompareAndSwap(nil, &err) }

func (s *server) didOpen(_ context.Context, p *protocol.DidOpenTextDocumentParams) error {
	path := p.TextDocument.URI.Path()
	d := &document{uri: p.TextDocument.URI, path: path, version: p.TextDocument.Version, text: newText(p.TextDocument.Text)}
	s.change(path, d, true)
	return nil
}

func (s *server) didChange(_ context.Context, p *protocol.DidChangeTextDocumentParams) error {
	path := p.TextDocument.URI.Path()
	d := s.document(path)
	if d == nil {
		return errNotOpen(p.TextDocument.URI)
	}
	s.carryOver(path, d, p.ContentChanges)
	s.change(path, d.edited(p.TextDocument.Version, p.ContentChanges), false)
	return nil
}

func (s *server) didClose(_ context.Context, p *protocol.DocumentParams) error {
	s.change(p.TextDocument.URI.Path(), nil, true)
	return nil
}

// didSave is for clients that don't watch files: others may have changed too.
func (s *server) didSave(context.Context, *protocol.DocumentParams) error {
	s.filesChanged()
	return nil
}

// didChangeFiles is for files that changed on the disk, or came or went.
func (s *server) didChangeFiles(context.Context, *struct{}) error {
	s.filesChanged()
	return nil
}

func (s *server) filesChanged() {
	s.mu.Lock()
	s.revision++
	s.outdateAll()
	open := s.texts
	s.mu.Unlock()
	s.folderIndex.forget()
	s.recheck(func(*source) bool { return true })
	for path := range open {
		if isHeader(path) {
			go s.followUsers(path)
		}
	}
}

// outdateAll has everything compiled anew. The caller holds s.mu.
func (s *server) outdateAll() {
	s.opened = s.revision
	clear(s.changed)
}

func (s *server) didChangeFolders(_ context.Context, p *protocol.DidChangeWorkspaceFoldersParams) error {
	s.mu.Lock()
	for _, f := range p.Event.Removed {
		s.folders = slices.DeleteFunc(s.folders, func(dir string) bool { return dir == f.URI.Path() })
	}
	for _, f := range p.Event.Added {
		s.folders = append(s.folders, f.URI.Path())
	}
	s.mu.Unlock()
	s.folderIndex.forget()
	return nil
}

// change takes in a new version of a text; nil if it was closed. comes says that
// what is found under a path may be another file now.
func (s *server) change(path string, d *document, comes bool) {
	s.mu.Lock()
	s.texts = s.texts.with(path, d)
	s.revision++
	s.changed[path] = s.revision
	if comes || isConfig(path) {
		s.outdateAll()
	}
	isOpened := s.opened == s.revision
	s.mu.Unlock()
	s.forgetChanges(path)
	if isConfig(path) {
		s.checkConfig(path, d)
	}
	s.follow(path, d, comes)
	s.recheck(func(src *source) bool { return isOpened || src.path == path || src.reads(path) })
}

// document returns what is open under a path, or nil.
func (s *server) document(path string) *document {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.texts[path]
}

// snapshot returns all that is open, and the folders.
func (s *server) snapshot() (texts, []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.texts, slices.Clone(s.folders)
}

// notify sends a notification. An error of the connection ends the server
// elsewhere.
func (s *server) notify(method string, params any) {
	_ = s.conn.Notify(context.Background(), method, params)
}

// inform shows a message to the user.
func (s *server) inform(message string) {
	s.notify("window/showMessage", protocol.ShowMessageParams{Type: protocol.MessageInfo, Message: message})
}

// isConfig reports whether a file is a configuration, by its name.
func isConfig(path string) bool { return filepath.Base(path) == lint.ConfigName }
