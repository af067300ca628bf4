package grammar

import (
	"embed"
	"io/fs"
	"slices"
	"sync"
)

// headerFiles are the headers that come with the tool, used where no include
// folder holds them.
//
//go:embed include/ups
var headerFiles embed.FS

// Headers returns the built-in headers, under the names that they are included
// by.
func Headers() fs.FS {
	headers, err := fs.Sub(headerFiles, "include")
	if err != nil {
		panic(err) // only for a name that isn't a path
	}
	return headers
}

// headerNames are the names that the headers are included by. The first
// includes the others.
var headerNames = []string{"ups/policies.rh", "ups/ups.hrh"}

// headerSources returns the headers by name.
var headerSources = sync.OnceValue(func() map[string]*Source {
	sources := map[string]*Source{}
	for _, name := range headerNames {
		text, err := headerFiles.ReadFile("include/" + name)
		if err != nil {
			panic(err) // only for a name that isn't embedded
		}
		sources[name] = newSource("<"+name+">", text)
		sources[name].Builtin = true
	}
	return sources
})

// headers is what #include <ups/policies.rh> comes to at the beginning of a
// source. To parse it takes longer than to parse a short source, and it is the
// same each time: locations reserves the same places for it in every tree.
type headers struct {
	tree   *Tree
	macros []macro
	names  map[string]bool // that stand in the headers
}

// parsedHeaders parses the headers once.
var parsedHeaders = sync.OnceValue(func() *headers {
	tree, p := parse("", []byte("#include <"+headerNames[0]+">\n"), Options{}, nil)
	h := &headers{tree: tree, names: map[string]bool{}}
	for _, m := range p.macros {
		if tree.locations.find(m.name.start).included != 0 {
			h.macros = append(h.macros, *m)
			h.names[m.name.Text] = true
		}
	}
	for _, t := range tree.Tokens {
		if t.Kind == Name {
			h.names[t.Text] = true
		}
	}
	return h
})

// takeHeaders adds the headers to the tree as they were parsed before, if s
// begins them and to parse them here would come to the same.
func (p *preprocessor) takeHeaders(s *Source, included location) bool {
	h := p.headers
	if h == nil || s != headerSources()[headerNames[0]] || !p.atBeginning() || p.changes(h) {
		return false
	}
	t := p.tree
	for i, name := range headerNames {
		p.list(headerSources()[name])
		t.locations[i].included = h.tree.locations[i].included
	}
	t.locations[0].included = included
	t.Tokens = append(t.Tokens, h.tokens()...)
	t.Comments = append(t.Comments, h.tree.Comments...)
	t.expansions = append(t.expansions, h.tree.expansions[1:]...)
	t.Statements = slices.Clone(h.tree.Statements)
	macros := slices.Clone(h.macros) // one that is being expanded is marked
	for i := range macros {
		p.macros[macros[i].name.Text] = &macros[i]
	}
	return true
}

func (h *headers) tokens() []Token { return h.tree.Tokens[:len(h.tree.Tokens)-1] }

// atBeginning reports whether nothing but directives and comments has been
// read, and none of the headers.
func (p *preprocessor) atBeginning() bool {
	opened := func(r *reading) bool { return r.included != 0 }
	return len(p.tree.Tokens) == 0 && p.uses == 0 && !slices.ContainsFunc(p.tree.locations[:len(headerNames)], opened)
}

// changes reports whether the headers mean something else here: a macro has a
// name that stands in them, or an include folder has a file of the name of one.
func (p *preprocessor) changes(h *headers) bool {
	for name := range p.macros {
		if h.names[name] {
			return true
		}
	}
	for _, dir := range p.opt.IncludeDirs {
		for _, name := range headerNames[1:] {
			if _, err := p.opt.Files.ReadFile(p.below(dir, name), MaxSource); !isAbsent(err) {
				return true
			}
		}
	}
	return false
}
