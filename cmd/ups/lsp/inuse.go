package lsp

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"ups/policy"
)

// maxInUse is how many values of the folders are offered at once.
const maxInUse = 500

// use is a value that policies have, and which sources have it.
type use struct {
	id    uint32
	text  string
	files []string // their names
}

func (u *use) where() string {
	if len(u.files) == 1 {
		return "in " + u.files[0]
	}
	return fmt.Sprintf("in %s and %d more", u.files[0], len(u.files)-1)
}

// idsOf returns what reads the ids of a field off a list.
func idsOf(field string) func(*policy.File) []uint32 {
	return func(f *policy.File) []uint32 {
		var out []uint32
		header := f.HeaderOrZero()
		if field == "dialogcreator" {
			out = append(out, header.DialogCreator)
		}
		if field == "policyevaluator" {
			out = append(out, header.PolicyEvaluator)
		}
		for _, p := range f.Policies {
			switch field {
			case "sid_list":
				out = append(out, p.SIDs...)
			case "dialogcreator":
				out = append(out, p.DialogCreator)
			case "policyevaluator":
				out = append(out, p.PolicyEvaluator)
			}
		}
		return out
	}
}

// inUse returns the ids that lists have in a field, those of most sources first.
func inUse(lists map[string]*policy.File, field string) []*use {
	found := map[uint32]*use{}
	ids := idsOf(field)
	for _, path := range slices.Sorted(maps.Keys(lists)) {
		for _, id := range ids(lists[path]) {
			if id != 0 {
				add(found, id, path, &use{id: id})
			}
		}
	}
	return mostUsed(found)
}

// destinationsInUse returns the destinations that lists have and that have a text in
// them.
func destinationsInUse(lists map[string]*policy.File, part string) []*use {
	found := map[string]*use{}
	for _, path := range slices.Sorted(maps.Keys(lists)) {
		for _, p := range lists[path].Policies {
			if to := p.Destination.String(); strings.Contains(strings.ToLower(to), strings.ToLower(part)) {
				add(found, to, path, &use{text: to})
			}
		}
	}
	return mostUsed(found)
}

// add notes the use of a value in a file. Those of one file follow each other.
func add[K comparable](found map[K]*use, key K, path string, u *use) {
	if found[key] == nil {
		found[key] = u
	}
	u = found[key]
	if name := filepath.Base(path); len(u.files) == 0 || u.files[len(u.files)-1] != name {
		u.files = append(u.files, name)
	}
}

func mostUsed[K cmp.Ordered](found map[K]*use) []*use {
	return slices.SortedFunc(maps.Values(found), func(a, b *use) int {
		return cmp.Or(len(b.files)-len(a.files), cmp.Compare(a.id, b.id), cmp.Compare(a.text, b.text))
	})
}

// indexPatience is how long a completion waits until the folders are looked at.
const indexPatience = 200 * time.Millisecond

// lists returns the lists of the folders, by path, as they were when they last
// compiled; those that are open as they are in the client. Without the time to look
// at the folders, the completion isn't complete.
func (x *completer) lists() map[string]*policy.File {
	ctx, cancel := context.WithTimeout(x.ctx, indexPatience)
	defer cancel()
	entries, complete := x.indexed(ctx)
	x.incomplete = x.incomplete || !complete
	out := map[string]*policy.File{}
	for path, e := range entries {
		if e.file != nil {
			out[path] = e.file
		}
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	for path, src := range x.sources {
		if f := src.lastList.Load(); f != nil {
			out[path] = f
		}
	}
	return out
}
