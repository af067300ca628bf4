package output

import (
	"path/filepath"

	"ups/cmd/ups/internal/console"
)

// Claims holds what each file is for. The zero value holds nothing.
type Claims struct {
	taken map[string]string
	err   error // the first conflict
}

// Err returns the first conflict.
func (c *Claims) Err() error { return c.err }

// Read holds what a file that is read is for. Several links to one file are
// several of those.
func (c *Claims) Read(name, what string) { c.take(Identity(name), what) }

// Write holds what a file that is written is for. It is a conflict if it is for
// something else already.
func (c *Claims) Write(name, what string) {
	if name == "" || c.err != nil {
		return
	}
	id := Identity(name)
	if other, ok := c.taken[id]; ok {
		if name == console.Stdio {
			name = "standard output"
		}
		c.err = console.UsageError("", "%s can't be both %s and %s; nothing was written", name, other, what)
	}
	c.take(id, what)
}

func (c *Claims) take(id, what string) {
	if c.taken == nil {
		c.taken = map[string]string{}
	}
	c.taken[id] = what
}

// Identity returns one name for a file however it is reached, as far as its
// folder exists.
func Identity(name string) string {
	if name == console.Stdio {
		return console.Stdio
	}
	abs, err := filepath.Abs(name)
	if err != nil {
		return name
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil {
		return filepath.Join(dir, filepath.Base(abs))
	}
	return abs
}
