package diff

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/gitref"
	"ups/cmd/ups/internal/loader"
	"ups/cmd/ups/internal/settings"
	"ups/grammar"
	"ups/internal/gitfiles"
	"ups/internal/walk"
	"ups/lint"
	"ups/policy"
)

// side is where one version is.
type side struct {
	given  string // as the command line says it
	root   string // a file or folder
	dir    bool
	absent bool // the file isn't in the commit
	commit *gitfiles.Commit
	files  lint.Files
	loader *loader.Loader
}

// versions are both sides.
type versions struct{ old, new *side }

func (v *versions) close() {
	for _, s := range []*side{v.old, v.new} {
		if s != nil && s.commit != nil {
			s.commit.Close()
		}
	}
}

// open finds both versions. A commit without a path has its files in the place of
// the other version.
func (f *command) open(ctx context.Context, old, new string) (*versions, error) {
	v := &versions{}
	var err error
	if v.old, err = f.side(ctx, old); err == nil {
		v.new, err = f.side(ctx, new)
	}
	if err != nil {
		v.close()
		return nil, err
	}
	for _, s := range []*side{v.old, v.new} {
		other := v.new
		if s == v.new {
			other = v.old
		}
		if err := s.locate(other); err != nil {
			v.close()
			return nil, err
		}
	}
	if v.old.dir != v.new.dir && !v.old.absent && !v.new.absent {
		v.close()
		return nil, console.UsageError("compare two files or two folders", "one of %s and %s is a folder, and the other isn't", old, new)
	}
	return v, nil
}

func (f *command) side(ctx context.Context, given string) (*side, error) {
	s := &side{given: given, root: given, files: grammar.Disk{}}
	set := settings.New(f.con, f.sources)
	s.loader = loader.New(set)
	ref, within, named, inGit := gitref.Cut(given)
	if !inGit {
		return s, nil
	}
	commit, err := gitref.Open(ctx, given, ref)
	if err != nil {
		return nil, err
	}
	s.commit, s.files, set.Files, s.root = commit, commit, commit, ""
	s.loader.Read = func(_ context.Context, name string, limit int64) ([]byte, error) { return commit.ReadFile(name, limit) }
	if named {
		s.root = commit.Path(within)
	}
	return s, nil
}

// locate finds out whether a side is a folder.
func (s *side) locate(other *side) error {
	if s.root == console.Stdio {
		return nil
	}
	inPlace := s.root == ""
	switch {
	case inPlace && other.root == console.Stdio:
		return console.UsageError("write git:REF:PATH", "%s: standard input has no place in a commit", s.given)
	case inPlace && other.commit != nil && other.root != "":
		s.root = other.root
	case inPlace && other.commit != nil:
		s.root = s.commit.Path("")
	case inPlace:
		s.root = other.root
	}
	if s.commit != nil && !s.commit.Contains(s.root) {
		return console.UsageError("write git:REF:PATH, or run ups in the repository of the file", "%s: %s is outside of this repository", s.given, s.root)
	}
	dir, err := s.files.IsDir(s.root)
	if inPlace && errors.Is(err, fs.ErrNotExist) {
		s.absent = true
		return nil
	}
	s.dir = dir
	return err
}

// name is how a person would find a file of the side.
func (s *side) name(path string) string {
	if s.commit == nil {
		return path
	}
	return s.commit.Name(path)
}

// list returns the files of a folder by their service. A compiled file beside its
// source is passed over.
func (s *side) list() (map[policy.Service]string, error) {
	found := map[policy.Service]string{}
	if s.absent {
		return found, nil
	}
	paths, err := s.paths()
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(paths, func(a, b string) int {
		return strings.Compare(strings.ToLower(filepath.Ext(b)), strings.ToLower(filepath.Ext(a)))
	})
	for _, path := range paths {
		id, ext, ok := policy.ParseFileName(filepath.Base(path))
		if !ok || ext != policy.SourceExt && ext != policy.CompiledExt {
			continue
		}
		first, again := found[id]
		switch {
		case !again:
			found[id] = path
		case ext == policy.CompiledExt && filepath.Dir(first) == filepath.Dir(path):
		default:
			return nil, console.UsageError("compare folders with one file for each", "%s and %s are for one service", s.name(first), s.name(path))
		}
	}
	return found, nil
}

func (s *side) paths() ([]string, error) {
	if s.commit != nil {
		return s.commit.Files(s.root)
	}
	tree := walk.Folder(s.root)
	return tree.Files, errors.Join(tree.Errors...)
}

// load reads a file as a policy list.
func (s *side) load(ctx context.Context, path string) (*version, error) {
	name := path
	if path == console.Stdio {
		name = console.StdinName
	}
	in, err := s.loader.Input(ctx, path, name)
	if err != nil {
		return nil, err
	}
	for _, d := range in.Diagnostics {
		if in.File == nil || d.Severity.String() == "error" {
			return nil, fmt.Errorf("%s: can't be compared, since it has errors: %s", s.name(path), d.Message)
		}
	}
	return &version{name: s.name(path), file: in.File}, nil
}
