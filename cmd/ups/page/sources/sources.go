// Package sources compiles policy sources that are held in memory, and looks at
// them: what the playground does while somebody types. It is compiled to
// WebAssembly.
package sources

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"

	"ups/grammar"
)

// What sources may have. A list that fits a compiled file needs a few hundred
// kilobytes of source.
const (
	MaxText  = 1 << 20 // bytes of all files together
	MaxFiles = 16
)

// Sources are a policy source and the headers that it may include.
type Sources struct {
	Name  string            `json:"name"`  // of the policy source
	Files map[string]string `json:"files"` // all, by their names
}

// fileName is how a file may be called: no folders, and nothing that a shell or
// a page would take for something else.
var fileName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$`)

// Parse reads sources as JSON.
func Parse(text string) (*Sources, error) {
	var s Sources
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return nil, fmt.Errorf("the sources aren't JSON: %w", err)
	}
	return &s, s.check()
}

func (s *Sources) check() error {
	if _, ok := s.Files[s.Name]; !ok {
		return fmt.Errorf("there is no file %q", s.Name)
	}
	if len(s.Files) > MaxFiles {
		return fmt.Errorf("%d files, and at most %d are taken", len(s.Files), MaxFiles)
	}
	total := 0
	for name, text := range s.Files {
		if !fileName.MatchString(name) {
			return fmt.Errorf("%q can't be the name of a file: want letters, digits, _, . and -", name)
		}
		total += len(text)
	}
	if total > MaxText {
		return fmt.Errorf("the files have %d bytes, and at most %d are taken", total, MaxText)
	}
	return nil
}

// ReadFile returns a file by its name, with or without the folder that it is
// looked for in.
func (s *Sources) ReadFile(name string, limit int64) ([]byte, error) {
	text, ok := s.Files[path.Clean(name)]
	switch {
	case !ok:
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	case int64(len(text)) > limit:
		return nil, fmt.Errorf("%s: %w", name, grammar.ErrTooLarge)
	}
	return []byte(text), nil
}

// errNotCompiled is returned where a list is wanted of a source with errors.
var errNotCompiled = errors.New("the source has errors")
