package match

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"ups/cmd/ups/internal/batch"
	"ups/cmd/ups/internal/compiled"
	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/settings"
	"ups/compiler"
	"ups/policy"
	"ups/runtime"
)

// policySource is where ups match finds the policies of a service. It may be
// used by many goroutines.
type policySource interface {
	// find returns the policies for a request, and the file that they are of.
	find(r *request) (l *runtime.List, file string, err error)
}

// source opens what PATH names.
func (f *command) source(ctx context.Context, con *console.Console, path string) (policySource, error) {
	if path != console.Stdio {
		info, err := os.Stat(path)
		switch {
		case err != nil:
			return nil, err
		case info.IsDir():
			settings := settings.New(con, f.sources)
			return f.openFolder(settings, path, func(source string) (policySource, error) {
				return f.compile(ctx, settings, source)
			})
		}
	}
	if f.system != "" {
		return nil, console.UsageError("", "--system is for the folder of a store, and %s is a file", path)
	}
	if strings.EqualFold(filepath.Ext(path), ".rss") {
		return f.compile(ctx, settings.New(con, f.sources), path)
	}
	b, err := con.Read(ctx, path, compiled.MaxSize)
	if err != nil {
		return nil, err
	}
	file, err := compiled.Decode(path, b)
	if err != nil {
		return nil, err
	}
	return newFileSource(path, file)
}

// compile compiles a source, with the places of its policies.
func (f *command) compile(ctx context.Context, settings *settings.Settings, path string) (policySource, error) {
	b := batch.Batch{Con: settings.Con, Options: settings.Options}
	var r *compiler.Result
	r, o := b.Compile(ctx, batch.Job{Source: path})
	if o.Err != nil {
		return nil, o.Err
	}
	if err := batch.Show(settings.Con, []batch.Outcome{o}); err != nil {
		return nil, err
	}
	if o.Failed {
		return nil, console.ErrFound
	}
	return newFileSource(path, r.File)
}

// fileSource is one policy file.
type fileSource struct {
	path  string
	list  *runtime.List
	id    policy.Service
	named bool // the name of the file says id
}

func newFileSource(path string, file *policy.File) (policySource, error) {
	l, err := runtime.NewList(file)
	if err != nil {
		return nil, console.Input(console.Named(path, err))
	}
	s := &fileSource{path: path, list: l}
	s.id, _, s.named = policy.ParseFileName(filepath.Base(path))
	return s, nil
}

// find returns the one list that there is. To ask it about another service is a
// mistake that would give a wrong answer.
func (s *fileSource) find(r *request) (*runtime.List, string, error) {
	if asked := (policy.Service{Server: r.server, Service: r.service}); s.named && r.named && asked != s.id {
		return nil, "", fmt.Errorf("%s has the policies of another service than 0x%08x of server 0x%08x", s.path, r.service, r.server)
	}
	return s.list, s.path, nil
}

var errUnnamed = errors.New("a store has the policies of many services: give the server and the service")

// storeSource is a store of policy files.
type storeSource struct{ *runtime.Store }

// The folders of a store that has both drives.
const (
	romFolder    = "rom"
	systemFolder = "system"
)

// openFolder opens a folder: of sources, unless it has the two drives of a
// store, or --system says so.
func (f *command) openFolder(settings *settings.Settings, path string, compile func(string) (policySource, error)) (policySource, error) {
	_, err := os.Stat(filepath.Join(path, romFolder))
	if err == nil || f.system != "" || f.batch == "" && !f.server.Given {
		return f.openStore(settings.Con, path)
	}
	s, err := newSourceStore(path, settings, compile)
	if s == nil && err == nil {
		return f.openStore(settings.Con, path)
	}
	return s, err
}

// openStore opens the store of a folder. What it has to say of its files goes
// to standard error.
func (f *command) openStore(con *console.Console, path string) (policySource, error) {
	if f.batch == "" && !f.server.Given {
		return nil, console.UsageError("give --server and --service", "a store has the policies of many services: whose are asked?")
	}
	rom, other := path, f.system
	if info, err := os.Stat(filepath.Join(path, romFolder)); err == nil && info.IsDir() {
		rom = filepath.Join(path, romFolder)
		if other == "" {
			other = filepath.Join(path, systemFolder)
		}
	}
	if f.system != "" {
		if _, err := os.Stat(f.system); err != nil {
			return nil, err // the store takes one that isn't there for empty
		}
	}
	store, err := runtime.Open(rom, other, runtime.StoreOptions{Report: func(p runtime.Problem) { reportProblem(con, p) }})
	if err != nil {
		return nil, err
	}
	return storeSource{store}, nil
}

// reportProblem reports a file that a store can't use.
func reportProblem(con *console.Console, p runtime.Problem) {
	con.Warn("%s: %s", strings.ToLower(p.Level.String()), p.Err)
}

func (s storeSource) find(r *request) (*runtime.List, string, error) {
	if !r.named {
		return nil, "", errUnnamed
	}
	return s.Find(r.server, r.service)
}
