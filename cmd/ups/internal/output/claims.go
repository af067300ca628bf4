package output

import (
	"path/filepath"

	"ups/cmd/ups/internal/console"
)

// Claims holds what each file is for, and the first conflict.
type Claims struct {
	Taken map[string]string
	Err   error
}

// Source claims a source. Several links to one file are several sources.
func (c *Claims) Source(name string) {
	if c.Taken == nil {
		c.Taken = map[string]string{}
	}
	c.Taken[Identity(name)] = "the source " + name
}

func (c *Claims) Claim(name, what string) {
	if name == "" || c.Err != nil {
		return
	}
	if c.Taken == nil {
		c.Taken = map[string]string{}
	}
	id := Identity(name)
	if other, ok := c.Taken[id]; ok {
		if name == console.Stdio {
			name = "standard output"
		}
		c.Err = console.UsageError("", "%s can't be both %s and %s; nothing was written", name, other, what)
	}
	c.Taken[id] = what
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
