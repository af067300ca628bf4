package targets

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/gitref"
	"ups/cmd/ups/internal/loader"
	"ups/cmd/ups/internal/settings"
	"ups/grammar"
	"ups/internal/gitfiles"
	"ups/lint"
	"ups/policy"
)

// Older is where the older versions of files are: on disk, or in a commit.
type Older struct {
	given  string // as the command line says it
	root   string // a file or folder; "" in a commit where each file has its own place
	files  lint.Files
	loader *loader.Loader
	commit *gitfiles.Commit // nil for the disk
}

// OpenOlder finds what --against names. A configuration that is named on the
// command line is that of the older versions too; nil is none. It must be closed.
func OpenOlder(ctx context.Context, con *console.Console, against string, f settings.Flags, given *lint.Config) (*Older, error) {
	s := settings.New(con, f)
	s.Given = given
	o := &Older{given: against, root: against, files: grammar.Disk{}, loader: loader.New(s)}
	ref, within, named, inGit := gitref.Cut(against)
	if !inGit {
		return o, nil
	}
	commit, err := gitref.Open(ctx, "--against", ref)
	if err != nil {
		return nil, err
	}
	s.Files, o.files, o.commit, o.root = commit, commit, commit, ""
	o.loader.Read = func(_ context.Context, name string, limit int64) ([]byte, error) { return commit.ReadFile(name, limit) }
	if named {
		o.root, err = o.named(within)
	}
	if err != nil {
		commit.Close()
		return nil, err
	}
	return o, nil
}

// named returns the file or folder that PATH stands for, which must be there.
func (o *Older) named(within string) (string, error) {
	root := o.commit.Path(within)
	if !o.commit.Contains(root) {
		return "", console.UsageError("", "--against %s: %s is outside of this repository", o.given, within)
	}
	_, err := o.files.IsDir(root)
	return root, err
}

// Close ends reading.
func (o *Older) Close() {
	if o.commit != nil {
		o.commit.Close()
	}
}

// Version returns the older version of a file, nil for one that is new.
func (o *Older) Version(ctx context.Context, t Target) (*policy.File, error) {
	path, err := o.path(t)
	if err != nil || path == "" {
		return nil, err
	}
	in, err := o.loader.Input(ctx, path, path)
	switch {
	case err != nil:
		return nil, err
	case in.File == nil:
		return nil, fmt.Errorf("%s: can't be compared with, since it has errors: %s", o.name(path), in.Diagnostics[0].Message)
	}
	return in.File, nil
}

// name is how a person would find an older version.
func (o *Older) name(path string) string {
	if o.commit == nil {
		return path
	}
	return o.commit.Name(path)
}

// path returns where the older version of a file is, "" if there is none.
func (o *Older) path(t Target) (string, error) {
	if o.root == "" {
		return o.inItsPlace(t)
	}
	dir, err := o.files.IsDir(o.root)
	switch {
	case err != nil:
		return "", err
	case !dir && t.below != "":
		return "", console.UsageError("", "--against must be a folder, since %s is one", t.arg)
	case !dir:
		return o.root, nil
	}
	below := t.below
	if below == "" {
		below = filepath.Base(t.Path)
	}
	return o.first(filepath.Join(o.root, below))
}

// inItsPlace returns the older version of a file in the place that it has.
func (o *Older) inItsPlace(t Target) (string, error) {
	switch {
	case t.arg == console.Stdio:
		return "", console.UsageError("write git:REF:PATH", "--against %s: standard input has no place in a commit", o.given)
	case !o.commit.Contains(t.Path):
		return "", console.UsageError("write git:REF:PATH, or run ups in the repository of the file",
			"--against %s: %s is outside of this repository", o.given, t.Path)
	}
	return o.first(t.Path)
}

// first returns a file that may be compiled or not; "" if there is none.
func (o *Older) first(path string) (string, error) {
	stem := strings.TrimSuffix(path, filepath.Ext(path))
	for _, name := range []string{path, stem + ".rss", stem + ".rsc"} {
		if _, err := o.files.IsDir(name); !errors.Is(err, fs.ErrNotExist) {
			return name, err
		}
	}
	return "", nil
}
