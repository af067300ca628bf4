// Package walk lists the files of a folder and below.
package walk

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Tree is what is in a folder and below. A link to a folder is followed, each
// folder is taken once however it is reached, and by its own path if that is
// in the tree.
type Tree struct {
	Files, Folders []string // sorted, by the paths that they were reached through
	Special        []string // pipes, devices, and links that lead nowhere; sorted
	Errors         []error  // for folders that can't be read; the rest was
}

// Folder lists a folder.
func Folder(root string) *Tree {
	w := walker{tree: &Tree{}, seen: map[string]bool{}, links: []string{root}}
	for len(w.links) > 0 {
		next := w.links[0]
		w.links = w.links[1:]
		w.folder(next)
	}
	slices.Sort(w.tree.Files)
	slices.Sort(w.tree.Folders)
	slices.Sort(w.tree.Special)
	return w.tree
}

type walker struct {
	tree  *Tree
	seen  map[string]bool // folders, by their real paths
	links []string        // to folders, that wait until all without links is read
}

// folder lists a folder and those below, unless it was listed.
func (w *walker) folder(path string) {
	real, err := filepath.EvalSymlinks(path)
	if err != nil || w.seen[real] {
		w.fail(err)
		return
	}
	w.seen[real] = true
	w.tree.Folders = append(w.tree.Folders, path)
	entries, err := os.ReadDir(path)
	w.fail(err)
	for _, e := range entries {
		w.entry(filepath.Join(path, e.Name()), e.Type())
	}
}

func (w *walker) entry(path string, kind fs.FileMode) {
	link := kind == fs.ModeSymlink
	if link {
		kind = fs.ModeIrregular
		if info, err := os.Stat(path); err == nil {
			kind = info.Mode().Type()
		}
	}
	switch {
	case kind.IsRegular():
		w.tree.Files = append(w.tree.Files, path)
	case kind.IsDir() && link:
		w.links = append(w.links, path)
	case kind.IsDir():
		w.folder(path)
	default:
		w.tree.Special = append(w.tree.Special, path)
	}
}

func (w *walker) fail(err error) {
	if err != nil {
		w.tree.Errors = append(w.tree.Errors, err)
	}
}
