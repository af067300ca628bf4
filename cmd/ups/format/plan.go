package format

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/sources"
)

// headerExts are what the names of headers end in that are for resources alone.
var headerExts = []string{".rh", ".hrh"}

func isHeader(path string) bool {
	return slices.Contains(headerExts, strings.ToLower(filepath.Ext(path)))
}

// wanted reports whether a file of a folder may be one to lay out.
func wanted(path string) bool { return sources.IsSource(path) || isHeader(path) }

// plan finds the files that are named, and those of folders, in the order of
// their paths. It refuses flags that don't go together.
func (f *command) plan(args []string) ([]string, error) {
	if f.write && (f.diff || f.check) {
		return nil, console.UsageError("", "-w changes files, and --diff and --check don't: give one of them")
	}
	var paths []string
	for _, arg := range args {
		found, err := f.planArg(arg)
		if err != nil {
			return nil, err
		}
		paths = append(paths, found...)
	}
	slices.Sort(paths)
	paths = slices.Compact(paths)
	if len(paths) > 1 && !f.write && !f.diff && !f.check {
		return nil, console.UsageError("give -w to change the files, --diff to see how they would, --check to list them",
			"these are %d files, and standard output is for the text of one", len(paths))
	}
	return paths, nil
}

func (f *command) planArg(arg string) ([]string, error) {
	if arg == console.Stdio {
		if f.write {
			return nil, console.UsageError("", "-w needs a file: standard input can't be changed")
		}
		return []string{arg}, nil
	}
	info, err := os.Stat(arg)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return f.search.Folder(arg)
	}
	return []string{filepath.Clean(arg)}, nil
}
