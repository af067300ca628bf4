package console

import (
	"io/fs"
	"os"
	"sync"
)

// Inputs are the files that a command has read. Nothing is written over one of
// them, by whatever name or link it is reached, unless that is the point of
// the command (output.File.Replaces).
type Inputs struct {
	mu    sync.Mutex
	infos map[string]fs.FileInfo // by the name that the file was read through
}

// Add records files that were read. What isn't a regular file is none that
// writing could destroy.
func (in *Inputs) Add(names ...string) {
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		if in.infos == nil {
			in.infos = map[string]fs.FileInfo{}
		}
		in.infos[name] = info
	}
}

// clash returns the error for an output that is a file that was read.
func (in *Inputs) clash(name string, target fs.FileInfo) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	for input, info := range in.infos {
		if !os.SameFile(info, target) || !isStill(input, target) {
			continue
		}
		if name == Stdio {
			name = "standard output"
		}
		if name == input {
			return UsageError("", "%s was read, and can't be written; nothing was written", name)
		}
		return UsageError("", "%s is the same file as %s, which was read; nothing was written", name, input)
	}
	return nil
}

// isStill reports whether a name still leads to a file: its number may belong
// to another one by now.
func isStill(name string, target fs.FileInfo) bool {
	now, err := os.Stat(name)
	return err == nil && os.SameFile(now, target)
}

// SpareInputs refuses outputs that are files that were read.
func (c *Console) SpareInputs(names ...string) error {
	for _, name := range names {
		info, err := c.statOutput(name)
		if err != nil {
			continue // there is nothing yet; other errors come when it is written
		}
		if err := c.Inputs.clash(name, info); err != nil {
			return err
		}
	}
	return nil
}

// statOutput returns what an output is now.
func (c *Console) statOutput(name string) (fs.FileInfo, error) {
	if name != Stdio {
		return os.Stat(name)
	}
	if f, ok := c.Stdout.(*os.File); ok {
		return f.Stat()
	}
	return nil, fs.ErrNotExist
}
