package lsp

import (
	"path/filepath"
	"slices"
	"strings"

	"ups/policy"
)

// follow decides which sources are checked now that a text was opened, changed or
// closed (d is nil): the policy sources that are open, and those that read a header
// that is. comes says that it was opened.
func (s *server) follow(path string, d *document, comes bool) {
	switch {
	case d == nil:
		s.unfollow(path)
	case isPolicySource(path, d.String()):
		s.source(path)
	default:
		s.drop(path)
		if comes && isHeader(path) {
			go s.followUsers(path)
		}
	}
}

// isHeader reports whether a file can be included, and is no source by itself.
func isHeader(path string) bool {
	ext := strings.ToLower(filepath.Ext(path))
	return ext != policy.SourceExt && ext != policy.PreprocessedExt && ext != ".yaml" && ext != ".yml"
}

// source returns the source of a path, which is checked from now on.
func (s *server) source(path string) *source {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sources[path] == nil {
		s.sources[path] = &source{path: path}
	}
	return s.sources[path]
}

// followUsers has the sources of the folders checked that read a header.
func (s *server) followUsers(header string) {
	defer s.recoverFrom("looking for the sources that read a header")
	users := s.users(header)
	if s.document(header) == nil {
		return // it was closed meanwhile
	}
	for _, path := range users {
		s.mu.Lock()
		known := s.sources[path] != nil
		s.mu.Unlock()
		if !known {
			s.checkSoon(s.source(path))
		}
	}
}

// unfollow ends the check of a source that was closed, and of those that a closed
// header was the reason for.
func (s *server) unfollow(closed string) {
	s.mu.Lock()
	var past []string
	for path, src := range s.sources {
		if s.texts[path] == nil && !s.readsOpen(src) {
			past = append(past, path)
		}
	}
	s.mu.Unlock()
	for _, path := range past {
		s.drop(path)
	}
	s.withdraw(closed)
}

// readsOpen reports whether a source reads a header that is open. The caller holds
// s.mu.
func (s *server) readsOpen(src *source) bool {
	c := src.now.Load()
	if c == nil {
		return true // it was found by a header a moment ago
	}
	for path := range s.texts {
		if isHeader(path) && c.read[path] {
			return true
		}
	}
	return false
}

// drop ends the check of a source, and takes back what is shown of it.
func (s *server) drop(path string) {
	s.mu.Lock()
	src := s.sources[path]
	delete(s.sources, path)
	s.mu.Unlock()
	if src == nil {
		return
	}
	if c := src.now.Load(); c != nil {
		c.supersede()
	}
	s.withdraw(path)
}

// about returns a compilation that says what a file means: its own, or of a source
// that reads it, or else of the file by itself.
func (s *server) about(path string) *compilation {
	s.mu.Lock()
	src := s.sources[path]
	if src == nil {
		src = s.userOf(path)
	}
	open := s.texts
	s.mu.Unlock()
	if src == nil {
		return s.compile(path, open)
	}
	return s.compiled(src)
}

// userOf returns the source that says what a header means: the first of those that
// are open and read it, or else of all that do. The caller holds s.mu.
func (s *server) userOf(header string) *source {
	var users []*source
	for _, src := range s.sources {
		if src.reads(header) {
			users = append(users, src)
		}
	}
	if users == nil {
		return nil
	}
	return slices.MinFunc(users, func(a, b *source) int {
		if open := s.texts[a.path] != nil; open != (s.texts[b.path] != nil) {
			if open {
				return -1
			}
			return 1
		}
		return strings.Compare(a.path, b.path)
	})
}

// stopAll stops what runs for the client, which has gone.
func (s *server) stopAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, src := range s.sources {
		if c := src.now.Load(); c != nil {
			c.supersede()
		}
	}
}
