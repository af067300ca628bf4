package lsp

import (
	"cmp"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"ups/policy"
)

// maxInUse is how many values of the folders are offered.
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

// inUse returns the ids that lists have, those of most sources first.
func (x *completer) inUse(ids func(*policy.File) []uint32) []*use {
	found := map[uint32]*use{}
	for path, f := range x.lists() {
		for _, id := range ids(f) {
			if id != 0 {
				add(found, id, path, &use{id: id})
			}
		}
	}
	return mostUsed(found)
}

// destinationsInUse returns the destinations that lists have.
func (x *completer) destinationsInUse() []*use {
	found := map[string]*use{}
	for path, f := range x.lists() {
		for _, p := range f.Policies {
			to := p.Destination.String()
			add(found, to, path, &use{text: to})
		}
	}
	return mostUsed(found)
}

func add[K comparable](found map[K]*use, key K, path string, u *use) {
	if found[key] == nil {
		found[key] = u
	}
	u = found[key]
	if name := filepath.Base(path); !slices.Contains(u.files, name) {
		u.files = append(u.files, name)
	}
}

func mostUsed[K cmp.Ordered](found map[K]*use) []*use {
	out := slices.Collect(maps.Values(found))
	slices.SortFunc(out, func(a, b *use) int {
		slices.Sort(a.files)
		slices.Sort(b.files)
		return cmp.Or(len(b.files)-len(a.files), cmp.Compare(a.id, b.id), cmp.Compare(a.text, b.text))
	})
	return out[:min(len(out), maxInUse)]
}

// lists returns the lists of the folders, by path, as they were when they last
// compiled; those that are open as they are in the client.
func (x *completer) lists() map[string]*policy.File {
	out := map[string]*policy.File{}
	for path, e := range x.indexed(x.ctx) {
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
