// Package yamlnode walks the nodes of a YAML document: it hands out the parts
// of a mapping or a list, and collects the mistakes with their places. Its users
// read nodes because a mistake needs its line, and an unknown key is one.
package yamlnode

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// Parse reads the document that a text holds. The error is io.EOF if it holds
// none. A second document is returned too, for a mistake to be at; nil if there
// is none.
func Parse(text []byte) (doc, second *yaml.Node, err error) {
	d := yaml.NewDecoder(bytes.NewReader(text))
	doc, second = &yaml.Node{}, &yaml.Node{}
	switch err := d.Decode(doc); {
	case err != nil:
		return nil, nil, err
	case len(doc.Content) == 0:
		return nil, nil, io.EOF
	}
	switch err := d.Decode(second); {
	case errors.Is(err, io.EOF):
		return doc.Content[0], nil, nil
	case err != nil:
		return nil, nil, err
	}
	return doc.Content[0], second, nil
}

// Walker hands out the parts of a document.
type Walker struct {
	// Describe says what is wrong with a node, and what to write; the hint
	// may be empty.
	Describe func(Fault) (message, hint string)
	// Max is how many mistakes are kept.
	Max int
	// Mistakes are those that were found, in the order of the walk.
	Mistakes []Mistake
}

// Mistake is what is wrong at a place, which counts from 1.
type Mistake struct {
	Line, Column  int
	Message, Hint string
}

// Fault is what a Walker finds wrong with a node by itself.
type Fault struct {
	Kind  Kind
	What  string     // the part of the document, in the caller's words
	Node  *yaml.Node // the part, or its key or value that is wrong
	Known []string   // the keys or values that are right there
}

// Kind is the kind of a fault.
type Kind uint8

// The kinds.
const (
	NotMapping   Kind = iota // the part isn't a mapping
	NotList                  // the part isn't a list
	NotScalar                // a key is a list or a mapping
	RepeatedKey              // a key is given twice
	UnknownKey               // a key is none of Known
	UnknownValue             // a value is none of Known
)

// Fail adds a mistake.
func (w *Walker) Fail(at *yaml.Node, hint, format string, args ...any) {
	if len(w.Mistakes) < w.Max {
		w.Mistakes = append(w.Mistakes, Mistake{at.Line, at.Column, fmt.Sprintf(format, args...), hint})
	}
}

func (w *Walker) fault(f Fault) {
	message, hint := w.Describe(f)
	w.Fail(f.Node, hint, "%s", message)
}

// Key is a key that a mapping may have, and what reads its value.
type Key struct {
	Name string
	Read func(*yaml.Node)
}

// Mapping reads a mapping that has these keys and no others.
func (w *Walker) Mapping(n *yaml.Node, what string, keys []Key) {
	w.Entries(n, what, func(key, value *yaml.Node) {
		i := slices.IndexFunc(keys, func(k Key) bool { return k.Name == key.Value })
		if i < 0 {
			w.fault(Fault{UnknownKey, what, key, names(keys)})
			return
		}
		keys[i].Read(value)
	})
}

func names(keys []Key) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = k.Name
	}
	return out
}

// Entries reads a mapping of any keys, each given once.
func (w *Walker) Entries(n *yaml.Node, what string, read func(key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		w.fault(Fault{NotMapping, what, n, nil})
		return
	}
	seen := map[string]bool{}
	for key, value := range Pairs(n) {
		switch {
		case key.Kind != yaml.ScalarNode:
			w.fault(Fault{NotScalar, what, key, nil})
		case seen[key.Value]:
			w.fault(Fault{RepeatedKey, what, key, nil})
		default:
			seen[key.Value] = true
			read(key, value)
		}
	}
}

// Pairs returns the keys and values of a mapping as they stand.
func Pairs(n *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(key, value *yaml.Node) bool) {
		for i := 0; i+1 < len(n.Content); i += 2 {
			if !yield(n.Content[i], n.Content[i+1]) {
				return
			}
		}
	}
}

// List reads the items of a list.
func (w *Walker) List(n *yaml.Node, what string, read func(*yaml.Node)) {
	if n.Kind != yaml.SequenceNode {
		w.fault(Fault{NotList, what, n, nil})
		return
	}
	for _, item := range n.Content {
		read(item)
	}
}

// OneOf returns a value of a closed set, and whether it is one.
func (w *Walker) OneOf(n *yaml.Node, what string, set ...string) (string, bool) {
	if !IsScalar(n) || !slices.Contains(set, n.Value) {
		w.fault(Fault{UnknownValue, what, n, set})
		return n.Value, false
	}
	return n.Value, true
}

// IsScalar reports whether a node is a single value that was written.
func IsScalar(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag != "!!null" }

// IsNull reports whether nothing, or null, stands where a value may.
func IsNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// Show describes a node in a message: a value in quotes, or what else it is.
func Show(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "an alias"
	}
	return strconv.Quote(n.Value)
}
