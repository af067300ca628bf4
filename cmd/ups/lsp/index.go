package lsp

import (
	"context"
	"io/fs"
	"os"
	"slices"
	"sync"
	"time"

	"ups/internal/walk"
	"ups/policy"
)

// maxIndexed is how many sources of the folders are looked at.
const maxIndexed = 5000

// index is what the policy sources of the folders have in them. It is made when it
// is first asked for, and a source is read again only if its files changed.
type index struct {
	mu      sync.Mutex
	current bool
	entries map[string]*entry // by path
}

// entry is what is known of one source.
type entry struct {
	stamps map[string]stamp // of the files that it reads
	file   *policy.File     // nil if it has errors
}

// stamp distinguishes the states of a file on the disk.
type stamp struct {
	size int64
	time time.Time
}

func stampOf(path string) stamp {
	info, err := os.Stat(path)
	if err != nil {
		return stamp{size: -1}
	}
	return stamp{info.Size(), info.ModTime()}
}

func (e *entry) current() bool {
	for path, then := range e.stamps {
		if stampOf(path) != then {
			return false
		}
	}
	return true
}

// forget has the folders looked at anew when they are next asked for.
func (x *index) forget() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.current = false
}

// indexed returns what is in the sources of the folders, as they are on the disk.
func (s *server) indexed(ctx context.Context) map[string]*entry {
	x := &s.folderIndex
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.current {
		return x.entries
	}
	_, folders := s.snapshot()
	entries := map[string]*entry{}
	for _, path := range policySources(folders) {
		if ctx.Err() != nil {
			return entries
		}
		e := x.entries[path]
		if e == nil || !e.current() {
			e = s.read(path)
		}
		entries[path] = e
	}
	x.entries, x.current = entries, true
	return entries
}

// read compiles a source as it is on the disk.
func (s *server) read(path string) *entry {
	c := s.compile(path, texts{})
	e := &entry{stamps: map[string]stamp{}, file: c.result.File}
	for name := range c.read {
		e.stamps[name] = stampOf(name)
	}
	return e
}

// policySources returns the policy sources of folders, as ups finds them.
func policySources(folders []string) []string {
	var out []string
	for _, dir := range folders {
		for _, path := range walk.Folder(dir).Files {
			if isHeader(path) {
				continue
			}
			if info, err := os.Stat(path); err != nil || info.Mode().Type() != fs.FileMode(0) || info.Size() > 1<<20 {
				continue
			}
			text, err := os.ReadFile(path)
			if err == nil && isPolicySource(path, string(text)) && len(out) < maxIndexed {
				out = append(out, path)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// users returns the sources of the folders that read a header.
func (s *server) users(header string) []string {
	var out []string
	for path, e := range s.indexed(context.Background()) {
		if _, reads := e.stamps[header]; reads {
			out = append(out, path)
		}
	}
	slices.Sort(out)
	return out
}
