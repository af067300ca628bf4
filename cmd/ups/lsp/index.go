package lsp

import (
	"context"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"ups/internal/walk"
	"ups/lint"
	"ups/policy"
)

// maxIndexed is how many sources of the folders are looked at.
const maxIndexed = 5000

// index is what the policy sources of the folders have in them. It is made when it
// is first asked for, whoever waits for it, and a source is read again only if its
// files changed.
type index struct {
	mu      sync.Mutex
	entries map[string]*entry // by path; a map is never changed
	past    int               // raised when the folders may have changed
	made    int               // past as it was when the entries were made, and 1
	making  chan struct{}     // closed when what makes them ends; nil while nothing does
}

// entry is what is known of one source.
type entry struct {
	stamps map[string]stamp // of the files that it reads, and of configurations that are or could be
	file   *policy.File     // nil if it has errors
	listed []listed
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

// current reports whether the files of a source are as they were. One with errors is
// read again in any case: what it needs may be there now.
func (e *entry) current() bool {
	if e.file == nil {
		return false
	}
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
	x.past++
}

// indexed returns what is in the sources of the folders, as they are on the disk. If
// ctx is done before they are looked at, it is what is known so far, and complete is
// false.
func (s *server) indexed(ctx context.Context) (entries map[string]*entry, complete bool) {
	x := &s.folderIndex
	for {
		x.mu.Lock()
		entries, complete = x.entries, x.made == x.past+1
		if !complete && x.making == nil {
			x.making = make(chan struct{})
			go s.makeIndex(x.past, entries, x.making)
		}
		making := x.making
		x.mu.Unlock()
		if complete || s.stopped() {
			return entries, complete
		}
		select {
		case <-making:
		case <-ctx.Done():
			return entries, false
		}
	}
}

// makeIndex looks at the folders. What was read before, and didn't change since, is
// taken over.
func (s *server) makeIndex(past int, before map[string]*entry, made chan struct{}) {
	x := &s.folderIndex
	entries := map[string]*entry{}
	defer func() {
		x.mu.Lock()
		defer x.mu.Unlock()
		x.entries, x.made, x.making = entries, past+1, nil
		close(made)
	}()
	defer s.recoverFrom("looking at the folders")
	_, folders := s.snapshot()
	for _, path := range s.policySources(folders) {
		if s.stopped() {
			return
		}
		e := before[path]
		if e == nil || !e.current() {
			e = s.read(path)
		}
		entries[path] = e
	}
}

// read compiles a source as it is on the disk.
func (s *server) read(path string) *entry {
	c := s.compile(path, texts{})
	e := &entry{stamps: map[string]stamp{}, file: c.result.File, listed: c.listed()}
	for name := range c.read {
		e.stamps[name] = stampOf(name)
	}
	configs, _ := lint.ConfigPlaces(filepath.Dir(path)) // the path is absolute
	for _, name := range configs {
		e.stamps[name] = stampOf(name)
	}
	return e
}

// policySources returns the policy sources of folders, as ups finds them.
func (s *server) policySources(folders []string) []string {
	found := map[string]bool{}
	for _, dir := range folders {
		for _, path := range walk.Folder(dir).Files {
			if len(found) >= maxIndexed || s.stopped() {
				break
			}
			if !isHeader(path) && isSourceOnDisk(path) {
				found[path] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func isSourceOnDisk(path string) bool {
	info, err := os.Stat(path)
	if err != nil || info.Mode().Type() != fs.FileMode(0) || info.Size() > 1<<20 {
		return false
	}
	text, err := os.ReadFile(path)
	return err == nil && isPolicySource(path, string(text))
}

// users returns the sources of the folders that read a header.
func (s *server) users(header string) []string {
	var out []string
	entries, _ := s.indexed(context.Background())
	for path, e := range entries {
		if _, reads := e.stamps[header]; reads {
			out = append(out, path)
		}
	}
	slices.Sort(out)
	return out
}
