// Package gitfiles reads files as they are in a commit of a git repository.
//
// A Commit stands in for the disk: a name in the work tree means the file in
// that place in the commit, whether it is in the work tree today or not, and a
// name outside of the repository means the file on disk. So a source of the
// commit includes what the commit has beside it.
//
// Objects come from the git program, which knows all kinds of repositories.
// Nothing that a repository holds is run (hooks, filters, pagers), and git is
// asked for objects by their hashes alone.
package gitfiles

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strings"

	"ups/grammar"
)

var (
	// ErrNoGit says that the git program isn't installed.
	ErrNoGit = errors.New("git is not installed")
	// ErrNoRepository says that the current folder is in no work tree that git
	// would use.
	ErrNoRepository = errors.New("not in a git work tree")
	// ErrNoCommit says that a name stands for no commit of the repository.
	ErrNoCommit = errors.New("no such commit in this repository")
	// ErrLink says that a symbolic link of the commit leads out of it.
	ErrLink = errors.New("a symbolic link that leads out of the commit")
	// ErrOutside says that a name doesn't lie in the work tree.
	ErrOutside = errors.New("outside of this repository")
)

// Commit is the files of one commit. It may be used by several goroutines.
type Commit struct {
	ref     string // as it was asked for
	top     string // the top folder of the work tree
	here    string // the current folder, in it
	tree    string // the hash of the top folder's tree
	objects *objects
}

// Open finds a commit of the repository that the current folder is in: a
// branch, a tag, a hash, or whatever else git takes for one. It is to be
// closed, and reads until ctx is done.
func Open(ctx context.Context, ref string) (*Commit, error) { return OpenIn(ctx, "", ref) }

// OpenIn finds a commit of the repository that a folder is in.
func OpenIn(ctx context.Context, dir, ref string) (*Commit, error) {
	// What begins with a dash could be taken for an option.
	if ref == "" || strings.HasPrefix(ref, "-") {
		return nil, fmt.Errorf("%q: %w", ref, ErrNoCommit)
	}
	top, err := ask(ctx, dir, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, noRepository(err)
	}
	prefix, err := ask(ctx, dir, "rev-parse", "--show-prefix")
	if err != nil {
		return nil, noRepository(err)
	}
	tree, err := ask(ctx, dir, "rev-parse", "--verify", "--quiet", "--end-of-options", ref+"^{commit}^{tree}")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", ref, noCommit(err))
	}
	if _, err := hex.DecodeString(tree); err != nil { // such as all that ^main leaves out
		return nil, fmt.Errorf("%s: %w", ref, ErrNoCommit)
	}
	o, err := startObjects(ctx, dir)
	if err != nil {
		return nil, err
	}
	return &Commit{ref: ref, top: top, here: filepath.Join(top, prefix), tree: tree, objects: o}, nil
}

// Refs returns the short names of the branches and tags of the repository that
// the current folder is in. It returns none where git fails.
func Refs(ctx context.Context) []string {
	names, err := ask(ctx, "", "for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags", "refs/remotes")
	if err != nil {
		return nil
	}
	return strings.Fields(names) // no name of a ref has a space
}

// Close ends the git program that objects come from.
func (c *Commit) Close() { c.objects.close() }

// ReadFile implements grammar.Files.
func (c *Commit) ReadFile(name string, limit int64) ([]byte, error) {
	below, inside := c.place(name)
	if !inside {
		return grammar.Disk{}.ReadFile(name, limit)
	}
	e, err := c.find(below)
	switch {
	case err != nil:
		return nil, err
	case e.kind != file:
		return nil, fmt.Errorf("%s: not a file but a %s", c.name(below), e.kind)
	}
	b, err := c.objects.read(e.hash, limit)
	if errors.Is(err, errTooLarge) {
		err = grammar.ErrTooLarge
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.name(below), err)
	}
	return b, nil
}

// IsDir reports whether a name is that of a folder. If the commit doesn't have
// it the error wraps fs.ErrNotExist.
func (c *Commit) IsDir(name string) (bool, error) {
	below, inside := c.place(name)
	if !inside {
		return grammar.Disk{}.IsDir(name)
	}
	e, err := c.find(below)
	return e.kind == folder, err
}

// Path returns the name of what git would call REF:within: a path from the top
// of the repository, or with a dot in front from the current folder.
func (c *Commit) Path(within string) string {
	if first, _, _ := strings.Cut(within, "/"); first == "." || first == ".." {
		return filepath.Join(c.here, within)
	}
	return filepath.Join(c.top, within)
}

// Name is what git calls a file: REF:PATH, if it lies in the work tree.
func (c *Commit) Name(name string) string {
	if below, inside := c.place(name); inside {
		return c.name(below)
	}
	return name
}

// Contains reports whether a name lies in the work tree.
func (c *Commit) Contains(name string) bool {
	_, inside := c.place(name)
	return inside
}

// name is what git calls a path.
func (c *Commit) name(below string) string { return c.ref + ":" + below }

// place returns the path of a name from the top of the work tree.
func (c *Commit) place(name string) (below string, inside bool) {
	if !filepath.IsAbs(name) {
		name = filepath.Join(c.here, name)
	}
	if below, inside = c.below(name); inside {
		return below, true
	}
	return c.below(withoutLinks(name)) // git reports the top without links
}

func (c *Commit) below(name string) (string, bool) {
	rel, err := filepath.Rel(c.top, name)
	return filepath.ToSlash(rel), err == nil && filepath.IsLocal(rel)
}

// withoutLinks follows the links in what there is on disk of the folders of a
// name.
func withoutLinks(name string) string {
	dir, rest := filepath.Dir(name), filepath.Base(name)
	for dir != filepath.Dir(dir) {
		if real, err := filepath.EvalSymlinks(dir); err == nil {
			return filepath.Join(real, rest)
		}
		dir, rest = filepath.Dir(dir), filepath.Join(filepath.Base(dir), rest)
	}
	return name
}

// maxLinks is how many links may be followed for one name, as in Linux.
const maxLinks = 40

// find looks for a path from the top, through links within the commit.
func (c *Commit) find(below string) (entry, error) {
	trail := []entry{{folder, c.tree}} // from the top to where we are
	at := []string{}
	rest, links := strings.Split(below, "/"), 0
	for len(rest) > 0 {
		part := rest[0]
		rest = rest[1:]
		switch {
		case part == "." || part == "":
			continue
		case part == ".." && len(at) == 0:
			return entry{}, fmt.Errorf("%s: %w", c.name(below), ErrLink)
		case part == "..":
			at, trail = at[:len(at)-1], trail[:len(trail)-1]
			continue
		}
		e, err := c.enter(trail[len(trail)-1], part)
		if err != nil {
			return entry{}, &fs.PathError{Op: "open", Path: c.name(below), Err: err}
		}
		if e.kind != link {
			at, trail = append(at, part), append(trail, e)
			continue
		}
		if links++; links > maxLinks {
			return entry{}, fmt.Errorf("%s: more than %d symbolic links", c.name(below), maxLinks)
		}
		target, err := c.objects.read(e.hash, maxTarget)
		if err != nil {
			return entry{}, fmt.Errorf("%s: %w", c.name(path.Join(path.Join(at...), part)), err)
		}
		if path.IsAbs(string(target)) {
			return entry{}, fmt.Errorf("%s: %w", c.name(below), ErrLink)
		}
		rest = append(strings.Split(string(target), "/"), rest...)
	}
	return trail[len(trail)-1], nil
}

// maxTarget is how long the target of a link may be, as in Linux.
const maxTarget = 4096

// enter returns what a folder has by a name.
func (c *Commit) enter(in entry, name string) (entry, error) {
	switch in.kind {
	case submodule:
		return entry{}, errors.New("below a submodule, whose files the commit doesn't have")
	case file:
		return entry{}, fs.ErrNotExist
	}
	entries, err := c.objects.folder(in.hash)
	if err != nil {
		return entry{}, err
	}
	e, ok := entries[name]
	if !ok {
		return entry{}, fs.ErrNotExist
	}
	return e, nil
}
