package sources

import (
	"slices"

	"ups/cmd/ups/internal/console"
	"ups/internal/walk"
)

// Search looks for policy files in folders.
type Search struct {
	Con    *console.Console
	Wanted func(path string) bool // by its name
	// Excludes reports whether the configuration of a file's folder leaves it
	// out.
	Excludes   func(path string) (bool, error)
	Kind, Exts string // of what is wanted, for messages

	Cannot []error // what of folders can't be looked at
}

// Folder returns the policy files of a folder and below. It is an error if
// there are none.
func (s *Search) Folder(dir string) ([]string, error) {
	var policies []string
	tree, found, others := walk.Folder(dir), 0, 0
	s.Cannot = slices.Concat(s.Cannot, tree.Errors, Specials(tree, s.Wanted))
	for _, path := range tree.Files {
		if !s.Wanted(path) {
			continue
		}
		found++
		excluded, err := s.Excludes(path)
		if err != nil {
			return nil, err
		}
		if excluded {
			continue
		}
		is, err := isPolicyFile(path)
		switch {
		case err != nil:
			s.Cannot = append(s.Cannot, err)
		case is:
			policies = append(policies, path)
		default:
			others++
		}
	}
	s.notePassedOver(dir, others)
	switch {
	case found == 0 && len(s.Cannot) == 0:
		return nil, console.UsageError("", "%s: no %s file in this folder or below", dir, s.Exts)
	case found == others && others > 0:
		return nil, console.UsageError("they are named as in ups_101f7f1f_1000a00a.rss", "%s: no %s in this folder or below", dir, s.Kind)
	}
	return policies, nil
}

// notePassedOver says how many sources of other kinds a folder has: one of
// policies, with a slip in its name, would otherwise go unnoticed.
func (s *Search) notePassedOver(dir string, n int) {
	switch {
	case n == 1:
		s.Con.Note("%s: 1 other .rss file was passed over: neither its name nor a POLICIES resource makes it a policy source", dir)
	case n > 1:
		s.Con.Note("%s: %d other .rss files were passed over: neither their names nor a POLICIES resource make them policy sources", dir, n)
	}
}

// isPolicyFile reports whether a file is of policies; a compiled file is taken
// for one.
func isPolicyFile(path string) (bool, error) {
	if !IsSource(path) {
		return true, nil
	}
	return IsPolicySource(path)
}
