package main

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// target is a file to look at.
type target struct {
	path  string
	arg   string // the argument that it was found through
	below string // its path below the argument, if that is a folder; else ""
}

// plan finds the files, sorted by path.
func (l *linter) plan(args []string) ([]target, error) {
	var targets []target
	for _, arg := range args {
		more, err := l.planArg(arg)
		if err != nil {
			return nil, err
		}
		targets = append(targets, more...)
	}
	slices.SortStableFunc(targets, func(a, b target) int { return cmp.Compare(a.path, b.path) })
	if len(args) > 1 {
		targets = withoutRepeats(targets)
	}
	return targets, nil
}

// place gives one name for the place of a file however it is reached. A link
// in that place is no other file: its name says which service it is for.
func (t target) place() string {
	return filepath.Join(identity(filepath.Dir(t.path)), filepath.Base(t.path))
}

// withoutRepeats leaves out targets in the same place as one before.
func withoutRepeats(targets []target) []target {
	seen := map[string]bool{}
	return slices.DeleteFunc(targets, func(t target) bool {
		place := t.place()
		again := seen[place]
		seen[place] = true
		return again
	})
}

func (l *linter) planArg(arg string) ([]target, error) {
	if arg == stdio {
		return []target{{path: stdinName, arg: stdio}}, nil
	}
	info, err := os.Stat(arg)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return l.planDir(filepath.Clean(arg))
	}
	path := filepath.Clean(arg)
	covered, config, err := l.covers(path)
	if err != nil {
		return nil, err
	}
	if !covered {
		l.excluded(path, config)
		return nil, nil
	}
	return []target{{path: path, arg: arg}}, nil
}

// planDir gives the policy files of a folder and below. Like find, it doesn't
// follow links to folders; pipes and the like, which may never end, are none.
func (l *linter) planDir(dir string) ([]target, error) {
	var targets []target
	found := 0
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !isFile(entry) || !isPolicyFile(path) {
			return err
		}
		found++
		covered, _, err := l.covers(path)
		if err != nil || !covered {
			return err
		}
		below, err := filepath.Rel(dir, path)
		targets = append(targets, target{path, dir, below})
		return err
	})
	if err == nil && found == 0 {
		err = usageError("", "%s: no .rss or .rsc file in this folder or below", dir)
	}
	return targets, err
}

// isPolicyFile reports whether a file is a source, or a compiled file that
// doesn't stand beside its source.
func isPolicyFile(path string) bool {
	switch ext := filepath.Ext(path); strings.ToLower(ext) {
	case ".rss":
		return true
	case ".rsc":
		_, err := os.Stat(strings.TrimSuffix(path, ext) + ".rss")
		return errors.Is(err, fs.ErrNotExist)
	}
	return false
}

// covers reports whether the configuration of a file's folder lets it be
// looked at.
func (l *linter) covers(path string) (covered bool, config string, err error) {
	c, err := l.config(path)
	if err != nil {
		return false, "", err
	}
	abs, err := filepath.Abs(path)
	return err == nil && c.Covers(abs), c.Path, err
}
