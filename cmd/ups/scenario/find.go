package scenario

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ups/internal/readfile"
	"ups/internal/walk"
)

// suffix is what the names of scenario files end in.
const suffix = ".scenario.yaml"

// IsFile reports whether a name is that of a scenario file.
func IsFile(name string) bool { return strings.HasSuffix(strings.ToLower(filepath.Base(name)), suffix) }

// Found is what Find found.
type Found struct {
	Files   []string // scenario files, sorted
	Folders []string // that were searched
	Cannot  []error  // for what can't be read in them; the rest was
}

// Find looks for the scenario files that paths stand for: files themselves, and
// of folders those in them and below. A file that is named may have any name.
func Find(paths []string) (Found, error) {
	var found Found
	for _, path := range paths {
		if err := found.add(path); err != nil {
			return found, err
		}
	}
	slices.Sort(found.Files)
	found.Files = slices.Compact(found.Files)
	return found, nil
}

func (f *Found) add(path string) error {
	if path == Stdin {
		f.Files = append(f.Files, path)
		return nil
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return err
	case info.IsDir():
		return f.addFolder(path)
	case isPolicyFile(path):
		return fmt.Errorf("%s: a policy file, where a scenario file is wanted, which names the policies that it tests", path)
	}
	if clean := filepath.Clean(path); clean != Stdin { // "./-" is a file
		path = clean
	}
	f.Files = append(f.Files, path)
	return nil
}

func (f *Found) addFolder(path string) error {
	tree := walk.Folder(path)
	cannot := slices.Concat(tree.Errors, unreadable(tree.Special))
	f.Folders = append(f.Folders, tree.Folders...)
	f.Cannot = append(f.Cannot, cannot...)
	none := true
	for _, at := range tree.Files {
		if IsFile(at) {
			f.Files = append(f.Files, at)
			none = false
		}
	}
	if none && len(cannot) == 0 {
		return fmt.Errorf("%s: no *%s in this folder or below", path, suffix)
	}
	return nil
}

// isPolicyFile reports whether a name is that of a source or a compiled file,
// which are easily given in place of a scenario file.
func isPolicyFile(name string) bool {
	ext := strings.ToLower(filepath.Ext(name))
	return ext == ".rss" || ext == ".rpp" || ext == ".rsc"
}

// unreadable returns an error for each pipe, device or link that leads nowhere
// that is named like a scenario file.
func unreadable(special []string) []error {
	var errs []error
	for _, path := range special {
		if IsFile(path) {
			errs = append(errs, readfile.Unusable(path))
		}
	}
	return errs
}
