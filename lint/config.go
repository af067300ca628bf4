package lint

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"ups/diag"
	"ups/grammar"
	"ups/internal/yamlnode"
)

// ConfigName is the file that a configuration is read from: the nearest one in
// the folder of a source or above it.
const ConfigName = ".ups.yaml"

// MaxConfig is the size of the largest configuration, in bytes.
const MaxConfig = 1 << 20

// Config says what is looked for. The zero value, or nil, looks for everything
// with the severities of the rules.
type Config struct {
	Path string // of the file it was read from; "" if none was
	// Profile says what is shown of what isn't in Rules.
	Profile Profile
	// FailLevel is the least serious severity that makes a run fail; nil is
	// Error.
	FailLevel *diag.Severity
	// Rules has settings by the id of the rule.
	Rules map[string]Setting
	// IncludeDirs are folders in which included files are looked for, and
	// Defines macros, for all commands.
	IncludeDirs []string
	Defines     []grammar.Define
	// Skip are globs, as in Exclude, for what all commands leave out of a
	// folder.
	Skip []string
	// Include and Exclude are globs for paths below the folder of the file
	// (see Covers).
	Include, Exclude []string
	// Budget is how many steps the analyses may take for one list; 0 is their
	// default.
	Budget int
}

// Setting is what a configuration says of a rule.
type Setting struct {
	Off      bool
	Severity diag.Severity
}

func (c *Config) off(rule string) bool { return c.Rules[rule].Off }

// severity returns the severity of a finding of a rule, and whether it is
// shown: as configured for the rule, or else by the category.
func (c *Config) severity(rule string, of Category) (s diag.Severity, shown bool) {
	if own, ok := c.Rules[rule]; ok {
		return own.Severity, !own.Off
	}
	return of.Severity(), c.Profile.shows(of)
}

// Fails returns the least serious severity that makes a run fail.
func (c *Config) Fails() diag.Severity {
	if c.FailLevel == nil {
		return diag.Error
	}
	return *c.FailLevel
}

// Covers reports whether a file is to be looked at: it is below no excluded
// path, and, if any are given, below an included one. In globs * stands for
// any run within a name, ? for one character of it, and ** for any folders.
func (c *Config) Covers(path string) bool {
	if c.Excludes(path) || c.matches(c.Exclude, path) {
		return false
	}
	return c.Path == "" || len(c.Include) == 0 || c.matches(c.Include, path)
}

// Excludes reports whether all commands leave a file out of its folder.
func (c *Config) Excludes(path string) bool { return c.matches(c.Skip, path) }

// matches reports whether one of the globs covers a path.
func (c *Config) matches(globs []string, path string) bool {
	rel, err := filepath.Rel(filepath.Dir(c.Path), path)
	if c.Path == "" || err != nil {
		return false
	}
	rel = filepath.ToSlash(rel)
	return slices.ContainsFunc(globs, func(glob string) bool { return matchGlob(glob, rel) })
}

// Files is where configurations and the folders that they name are looked for,
// such as grammar.Disk.
type Files interface {
	grammar.Files
	IsDir(name string) (bool, error)
}

// FindConfig reads the nearest configuration in a folder or above it. Without
// one it returns the zero value.
func FindConfig(files Files, dir string) (*Config, error) {
	names, err := ConfigPlaces(dir)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := files.ReadFile(name, MaxConfig)
		if err == nil {
			return ParseConfig(files, name, text)
		}
		if errors.Is(err, grammar.ErrTooLarge) {
			return nil, &ConfigError{Path: name, Message: fmt.Sprintf("larger than the %d MiB that a configuration may have", MaxConfig>>20)}
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return &Config{}, nil
}

// ConfigPlaces returns the files that FindConfig looks for, in its order.
func ConfigPlaces(dir string) (names []string, err error) {
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, err
	}
	for {
		names = append(names, filepath.Join(dir, ConfigName))
		above := filepath.Dir(dir)
		if above == dir {
			return names, nil
		}
		dir = above
	}
}

// ConfigError is a mistake in a configuration.
type ConfigError struct {
	Path    string
	Line    int // 0 if unknown
	Message string
	Hint    string // may be empty
}

// Error returns the place and the message.
func (e *ConfigError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.Path, e.Message)
	}
	return fmt.Sprintf("%s:%d: %s", e.Path, e.Line, e.Message)
}

// ParseConfig reads a configuration; path is what it is called, and its folder
// the one that globs are relative to. The folders that it names must be among
// files. The error is a *ConfigError.
func ParseConfig(files Files, path string, text []byte) (*Config, error) {
	p := newConfigParser(files, path)
	doc, second, err := yamlnode.Parse(text)
	switch {
	case second != nil:
		return nil, &ConfigError{Path: path, Line: second.Line, Message: "a second document: a configuration is one"}
	case errors.Is(err, io.EOF):
		return p.config, nil
	case err != nil:
		return nil, &ConfigError{Path: path, Message: strings.TrimPrefix(err.Error(), "yaml: ")}
	}
	p.file(doc)
	if len(p.Mistakes) > 0 {
		m := p.Mistakes[0]
		return nil, &ConfigError{Path: path, Line: m.Line, Message: m.Message, Hint: m.Hint}
	}
	return p.config, nil
}
