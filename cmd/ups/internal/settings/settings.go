// Package settings finds how a source is compiled: by flags, and by the
// configuration of its folder.
package settings

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"ups/cmd/ups/internal/console"
	"ups/grammar"
	"ups/internal/readfile"
	"ups/lint"
)

// Settings finds the configurations that files are under, each once.
type Settings struct {
	Con   *console.Console
	Files lint.Files   // where configurations and included files are read from
	Given *lint.Config // for all files; nil without
	Flags              // in the place of what configurations say

	mu      sync.Mutex
	configs map[string]*lint.Config // by folder
	asked   []string                // the folders, also those of configurations with mistakes
}

// New returns the settings of a command with these flags.
func New(con *console.Console, f Flags) *Settings {
	return &Settings{Con: con, Files: grammar.Disk{}, Flags: f, configs: map[string]*lint.Config{}}
}

// Config returns the configuration that a file is under.
func (s *Settings) Config(path string) (*lint.Config, error) {
	if s.Given != nil {
		return s.Given, nil
	}
	dir := filepath.Dir(path)
	if path == console.StdinName {
		dir = "."
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if c, ok := s.configs[dir]; ok {
		return c, nil
	}
	s.asked = append(s.asked, dir)
	c, err := lint.FindConfig(s.Files, dir)
	if err == nil && s.Files == lint.Files(grammar.Disk{}) {
		err = noDanglingConfig(dir, c.Path)
	}
	if err != nil {
		return nil, ConfigError(err)
	}
	s.configs[dir] = c
	s.Con.Inputs.Add(c.Path)
	return c, nil
}

// noDanglingConfig refuses a link that leads nowhere where a configuration
// could be, nearer than the one that was found: its settings would be missed in
// silence.
func noDanglingConfig(dir, found string) error {
	names, err := lint.ConfigPlaces(dir)
	for _, name := range names {
		if name == found {
			break
		}
		if _, err := os.Lstat(name); err == nil {
			return readfile.Unusable(name)
		}
	}
	return err
}

// Places returns where the configurations of all files so far are, or would be.
func (s *Settings) Places() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for _, dir := range s.asked {
		names, _ := lint.ConfigPlaces(dir) // its error was reported by the search
		all = append(all, names...)
	}
	return all
}

// Options returns how a source is compiled: folders of flags are looked in
// first, and a macro of the flags is in place of one of the same name.
func (s *Settings) Options(source string) (grammar.Options, error) {
	c, err := s.Config(source)
	if err != nil {
		return grammar.Options{}, err
	}
	opt := grammar.Options{Files: s.Files, IncludeDirs: slices.Concat(s.include, seenFromHere(c.IncludeDirs))}
	for _, d := range c.Defines {
		if !slices.ContainsFunc(s.defines, func(flag grammar.Define) bool { return flag.Name == d.Name }) {
			opt.Defines = append(opt.Defines, d)
		}
	}
	opt.Defines = append(opt.Defines, s.defines...)
	return opt, nil
}

// seenFromHere returns paths as a user of the command would write them, since
// diagnostics and dependency files show them.
func seenFromHere(dirs []string) []string {
	here, err := filepath.Abs(".")
	if err != nil {
		return dirs
	}
	out := slices.Clone(dirs)
	for i, dir := range dirs {
		if rel, err := filepath.Rel(here, dir); err == nil {
			out[i] = rel
		}
	}
	return out
}

// Excludes reports whether a file that was found in a folder is left out, for
// all commands.
func (s *Settings) Excludes(path string) (bool, error) {
	c, err := s.Config(path)
	if err != nil {
		return false, err
	}
	abs, err := filepath.Abs(path)
	return err == nil && c.Excludes(abs), err
}

// ConfigError adds its hint to the error of a configuration.
func ConfigError(err error) error {
	if e := (*lint.ConfigError)(nil); errors.As(err, &e) && e.Hint != "" {
		return console.Hint(e, e.Hint)
	}
	return err
}

// Covered returns the files that aren't left out; those that are named in the
// arguments are never.
func (s *Settings) Covered(args, files []string) ([]string, error) {
	var out []string
	for _, path := range files {
		excluded, err := s.Excludes(path)
		if err != nil {
			return nil, err
		}
		named := slices.ContainsFunc(args, func(arg string) bool { return filepath.Clean(arg) == path })
		if named || !excluded {
			out = append(out, path)
		}
	}
	return out, nil
}
