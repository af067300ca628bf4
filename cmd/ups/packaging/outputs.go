package packaging

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/output"
	"ups/internal/delivery"
	"ups/policy"
)

// checkOutputs says where files go, and refuses what can't be meant.
func (f *command) checkOutputs(con *console.Console, dir string) error {
	if dir == console.Stdio || f.rom == console.Stdio || f.dir == console.Stdio {
		return console.UsageError("a folder called - is ./-", "ups package reads and writes folders, and - is a stream")
	}
	if f.dir == "" && f.zip == "" {
		f.dir = defaultDir
	}
	if f.zip == console.Stdio && con.IsTerminal(con.Stdout) {
		return console.UsageError("give --zip FILE, or send it on", "an archive isn't text, and standard output is a terminal")
	}
	if f.dir == "" {
		return nil
	}
	return errors.Join(f.spare(dir), f.spare(f.rom))
}

// spare refuses to write into a folder that policies are read from.
func (f *command) spare(in string) error {
	for _, folder := range []string{"", "policies", "rom"} {
		if out := filepath.Join(f.dir, folder); in != "" && isBelow(out, in) {
			return console.UsageError("give -d another folder",
				"the package would be in %s, and be taken for policies the next time", in)
		}
	}
	return nil
}

// isBelow reports whether a folder, which may not exist yet, is another or in it.
func isBelow(dir, other string) bool {
	rel, err := filepath.Rel(output.Identity(other), output.Identity(dir))
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// outputs returns what is written, and makes the folders for it.
func (f *command) outputs(con *console.Console, files []delivery.File) ([]output.File, error) {
	var outputs []output.File
	if f.zip != "" {
		at, err := timeOf(con)
		if err != nil {
			return nil, err
		}
		archive, err := delivery.Archive(files, at)
		if err != nil {
			return nil, console.UsageError("", "SOURCE_DATE_EPOCH: %w", err)
		}
		outputs = append(outputs, output.File{Name: f.zip, Data: archive})
	}
	if f.dir == "" {
		return outputs, nil
	}
	for _, in := range files {
		outputs = append(outputs, output.File{Name: filepath.Join(f.dir, filepath.FromSlash(in.Path)), Data: in.Data})
	}
	if err := errors.Join(claim(outputs), f.noLeftovers(outputs)); err != nil {
		return nil, err
	}
	return outputs, makeFolders(outputs[len(outputs)-len(files):])
}

// claim refuses an archive in the place of another file.
func claim(outputs []output.File) error {
	var c output.Claims
	for _, o := range outputs {
		c.Write(o.Name, "a file of the package")
	}
	return c.Err()
}

// noLeftovers refuses a folder with policy files of an earlier package that this
// one doesn't have: whoever takes all that is there would take them.
func (f *command) noLeftovers(outputs []output.File) error {
	for _, folder := range []string{"policies", "rom"} {
		entries, err := os.ReadDir(filepath.Join(f.dir, folder))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for _, e := range entries {
			path := filepath.Join(f.dir, folder, e.Name())
			_, ext, named := policy.ParseFileName(e.Name())
			if named && ext == policy.CompiledExt && !slices.ContainsFunc(outputs, func(o output.File) bool { return o.Name == path }) {
				return console.UsageError("remove it, or give -d another folder", "%s is of an earlier package, and not of this one; nothing was written", path)
			}
		}
	}
	return nil
}

func makeFolders(outputs []output.File) error {
	for _, o := range outputs {
		if err := os.MkdirAll(filepath.Dir(o.Name), 0o777); err != nil {
			return err
		}
	}
	return nil
}

// timeOf returns the time that files in an archive have: a fixed one, or that of
// SOURCE_DATE_EPOCH (reproducible-builds.org/specs/source-date-epoch).
func timeOf(con *console.Console) (time.Time, error) {
	epoch := con.Getenv("SOURCE_DATE_EPOCH")
	if epoch == "" {
		return delivery.Earliest, nil
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH: %q is no number of seconds since 1970", epoch)
	}
	return time.Unix(seconds, 0), nil
}
