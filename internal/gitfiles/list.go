package gitfiles

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
)

// maxBelow is how many files a folder and those below it may have.
const maxBelow = 100_000

// Files returns the names of the files of a folder and below, sorted; links
// aren't followed.
func (c *Commit) Files(dir string) ([]string, error) {
	below, inside := c.place(dir)
	if !inside {
		return nil, fmt.Errorf("%s: %w", dir, ErrOutside)
	}
	e, err := c.find(below)
	if err != nil {
		return nil, err
	}
	var names []string
	if err := c.list(e, dir, &names); err != nil {
		return nil, fmt.Errorf("%s: %w", c.name(below), err)
	}
	return names, nil
}

func (c *Commit) list(in entry, dir string, names *[]string) error {
	entries, err := c.objects.folder(in.hash)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		path := filepath.Join(dir, name)
		switch e := entries[name]; e.kind {
		case file:
			*names = append(*names, path)
		case folder:
			if err := c.list(e, path, names); err != nil {
				return err
			}
		}
		if len(*names) > maxBelow {
			return fmt.Errorf("more than %d files", maxBelow)
		}
	}
	return nil
}
