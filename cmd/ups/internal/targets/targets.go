// Package targets finds the policy lists that a command looks at, and their older
// versions.
package targets

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
	"ups/cmd/ups/internal/settings"
	"ups/cmd/ups/internal/sources"
)

// Target is a file to look at.
type Target struct {
	Path  string
	arg   string // the argument that it was found through
	below string // its path below the argument, if that is a folder; else ""
}

// Finder finds targets.
type Finder struct {
	*settings.Settings
	// Cannot is what of folders can't be looked at.
	Cannot []error
}

// Find returns the files that arguments name, sources and compiled files, sorted
// by path; of a folder those in it and below that no configuration leaves out.
func (f *Finder) Find(args []string) ([]Target, error) {
	var targets []Target
	for _, arg := range args {
		more, err := f.planArg(arg)
		if err != nil {
			return nil, err
		}
		targets = append(targets, more...)
	}
	slices.SortStableFunc(targets, func(a, b Target) int { return cmp.Compare(a.Path, b.Path) })
	if len(args) > 1 {
		targets = withoutRepeats(targets)
	}
	return targets, nil
}

// Name returns what the file is read by.
func (t Target) Name() string {
	if t.arg == console.Stdio {
		return console.Stdio
	}
	return t.Path
}

// place returns one name for the place of a file however it is reached. A link
// in that place is no other file: its name says which service it is for.
func (t Target) place() string {
	return filepath.Join(output.Identity(filepath.Dir(t.Path)), filepath.Base(t.Path))
}

// withoutRepeats leaves out targets in the same place as one before.
func withoutRepeats(targets []Target) []Target {
	seen := map[string]bool{}
	return slices.DeleteFunc(targets, func(t Target) bool {
		place := t.place()
		again := seen[place]
		seen[place] = true
		return again
	})
}

func (f *Finder) planArg(arg string) ([]Target, error) {
	if arg == console.Stdio {
		return []Target{{Path: console.StdinName, arg: console.Stdio}}, nil
	}
	info, err := os.Stat(arg)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return f.planDir(filepath.Clean(arg))
	}
	path := filepath.Clean(arg)
	covered, config, err := f.covers(path)
	if err != nil {
		return nil, err
	}
	if !covered {
		f.Con.Note("%s is left out by %s", path, config)
		return nil, nil
	}
	return []Target{{Path: path, arg: arg}}, nil
}

// planDir returns the policy files of a folder and below. What can't be done
// there is kept for the end.
func (f *Finder) planDir(dir string) ([]Target, error) {
	search := sources.Search{
		Con: f.Con, Wanted: isPolicyFile, Excludes: f.excludes, Kind: "policy file", Exts: ".rss or .rsc",
	}
	found, err := search.Folder(dir)
	f.Cannot = append(f.Cannot, search.Cannot...)
	var targets []Target
	for _, path := range found {
		below, err := filepath.Rel(dir, path)
		if err != nil {
			f.Cannot = append(f.Cannot, err)
			continue
		}
		targets = append(targets, Target{path, dir, below})
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
func (f *Finder) excludes(path string) (bool, error) {
	covered, _, err := f.covers(path)
	return !covered, err
}

// covers reports whether the configuration of a file's folder lets it be
// looked at.
func (f *Finder) covers(path string) (covered bool, config string, err error) {
	c, err := f.Config(path)
	if err != nil {
		return false, "", err
	}
	abs, err := filepath.Abs(path)
	return err == nil && c.Covers(abs), c.Path, err
}
