package runtime

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"ups/policy"
)

// drive is one of the places of policy files, in the order in which they are
// looked at: the first eclipses the second.
type drive int

const (
	systemDrive drive = iota
	romDrive
	drives // how many there are
)

// location is where a drive has the policy file of a service.
type location struct {
	path string // "" if it has none
	err  error  // there are two, and neither is preferred; wraps ErrBadPolicyFile
}

// catalog is what there is by name; nothing of it has been read.
type catalog struct {
	files    map[policy.Service][drives]location
	problems []Problem
}

// scan lists both folders. It fails, and nothing is known, if one of them is
// there and can't be listed, or if there is no ROM folder.
func (s *Store) scan() (*catalog, error) {
	c := &catalog{files: map[policy.Service][drives]location{}}
	for d, folder := range s.folders {
		if folder == "" {
			continue
		}
		entries, err := os.ReadDir(folder)
		if errors.Is(err, fs.ErrNotExist) && drive(d) == systemDrive {
			err = nil // nothing was ever installed there
		}
		if err != nil {
			return nil, err
		}
		s.reporter.resolved(ofListing, folder)
		for _, e := range entries {
			c.add(drive(d), folder, e)
		}
	}
	return c, nil
}

// add takes in one name of a folder. Names that begin with a dot are those of
// files in the making, and of others' bookkeeping. A folder is no policy file,
// whatever its name.
func (c *catalog) add(d drive, folder string, e fs.DirEntry) {
	path := filepath.Join(folder, e.Name())
	id, ext, ok := policy.ParseFileName(e.Name())
	ok = ok && ext == policy.CompiledExt
	switch {
	case ok && isFolder(path, e):
		c.passOver(path, errFolder)
	case ok:
		c.files[id] = c.addFile(d, path, id)
	case !strings.HasPrefix(e.Name(), "."):
		c.passOver(path, ErrInvalidPolicyFileName)
	}
}

func (c *catalog) passOver(path string, why error) {
	err := fmt.Errorf("%s: passed over: %w", path, why)
	c.problems = append(c.problems, Problem{Level: slog.LevelInfo, Path: path, Err: err})
}

// isFolder reports whether an entry is a folder, or a link that leads to one.
func isFolder(path string, e fs.DirEntry) bool {
	if e.Type()&fs.ModeSymlink == 0 {
		return e.IsDir()
	}
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// addFile adds a file to those of a service. On a device, names that differ only
// in case are one name. Where they can be two, neither file is to be preferred.
func (c *catalog) addFile(d drive, path string, id policy.Service) [drives]location {
	at := c.files[id]
	other := at[d].path
	at[d].path = path
	if other != "" {
		at[d].err = fmt.Errorf("%s: %w: there is %s too, and case makes no difference",
			path, ErrBadPolicyFile, filepath.Base(other))
		c.problems = append(c.problems, badFileProblem(d, path, id, at[d].err))
	}
	return at
}
