package lint

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/output"
	"ups/cmd/ups/internal/sources"
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

// name returns what the file is read by.
func (t target) name() string {
	if t.arg == console.Stdio {
		return console.Stdio
	}
	return t.path
}

// place returns one name for the place of a file however it is reached. A link
// in that place is no other file: its name says which service it is for.
func (t target) place() string {
	return filepath.Join(output.Identity(filepath.Dir(t.path)), filepath.Base(t.path))
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
	if arg == console.Stdio {
		return []target{{path: console.StdinName, arg: console.Stdio}}, nil
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

// planDir returns the policy files of a folder and below. What can't be done
// there is kept for the end.
func (l *linter) planDir(dir string) ([]target, error) {
	found, err := l.search.Folder(dir)
	var targets []target
	for _, path := range found {
		below, err := filepath.Rel(dir, path)
		if err != nil {
			l.search.Cannot = append(l.search.Cannot, err)
			continue
		}
		targets = append(targets, target{path, dir, below})
	}
	return targets, err
}

func isPolicyFile(path string) bool { return sources.IsSource(path) || isLoneCompiled(path) }

// isLoneCompiled reports whether a file is a compiled one that doesn't stand
// beside its source.
func isLoneCompiled(path string) bool {
	ext := filepath.Ext(path)
	if !strings.EqualFold(ext, ".rsc") {
		return false
	}
	_, err := os.Stat(strings.TrimSuffix(path, ext) + ".rss")
	return errors.Is(err, fs.ErrNotExist)
}

// excludes reports whether the configuration of a file's folder leaves it out.
func (l *linter) excludes(path string) (bool, error) {
	covered, _, err := l.covers(path)
	return !covered, err
}

// covers reports whether the configuration of a file's folder lets it be
// looked at.
func (l *linter) covers(path string) (covered bool, config string, err error) {
	c, err := l.Config(path)
	if err != nil {
		return false, "", err
	}
	abs, err := filepath.Abs(path)
	return err == nil && c.Covers(abs), c.Path, err
}
