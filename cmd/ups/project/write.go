package project

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/output"
)

// write writes the files that aren't there, and says what became of each.
func write(ctx context.Context, con *console.Console, dir string, files []file) error {
	var said strings.Builder
	var outputs []output.File
	for _, f := range files {
		path := filepath.Join(dir, filepath.FromSlash(f.path))
		exists, err := isFile(path)
		switch {
		case err != nil:
			return err
		case exists:
			fmt.Fprintf(&said, "%s is there, and left as it is\n", path)
			continue
		}
		fmt.Fprintf(&said, "%s is written\n", path)
		outputs = append(outputs, output.File{Name: path, Data: f.text, Mode: f.mode})
	}
	for _, o := range outputs {
		if err := os.MkdirAll(filepath.Dir(o.Name), 0o777); err != nil {
			return err
		}
	}
	if err := output.Write(ctx, con, outputs); err != nil {
		return err
	}
	if len(outputs) > 0 {
		con.Note("next: ups test %s, and in the repository git config core.hooksPath .githooks", filepath.Join(dir, "policies"))
	}
	return con.Write([]byte(said.String()))
}

// isFile reports whether a file is there already. A folder, or a link that leads
// nowhere, in its place is an error.
func isFile(path string) (bool, error) {
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return false, console.Named(path, err)
	case info.IsDir():
		return false, fmt.Errorf("%s: is a folder, and a file belongs there; nothing was written", path)
	}
	return true, nil
}
