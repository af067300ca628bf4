package lsp

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"

	"ups/docs"
)

// schema is a part of a JSON Schema, as far as docs/ups.schema.json needs it.
type schema struct {
	Title                string             `json:"title"`
	Description          string             `json:"description"`
	Ref                  string             `json:"$ref"`
	Enum                 []string           `json:"enum"`
	EnumDescriptions     []string           `json:"enumDescriptions"`
	Properties           map[string]*schema `json:"properties"`
	Items                *schema            `json:"items"`
	AdditionalProperties json.RawMessage    `json:"additionalProperties"`
	Defs                 map[string]*schema `json:"$defs"`
}

// configSchema returns the schema of the configuration.
var configSchema = sync.OnceValues(func() (*schema, error) {
	b, err := docs.Files.ReadFile("ups.schema.json")
	if err != nil {
		return nil, err
	}
	root := &schema{}
	return root, json.Unmarshal(b, root)
})

// below returns the schema of what stands below keys, or nil. Where a schema refers
// to another, what it says itself comes first.
func (root *schema) below(keys []string) *schema {
	now := root.resolved(root)
	for _, key := range keys {
		next := now.Properties[key]
		if next == nil {
			return nil
		}
		now = root.resolved(next)
	}
	return now
}

func (root *schema) resolved(s *schema) *schema {
	name, is := strings.CutPrefix(s.Ref, "#/$defs/")
	if !is || root.Defs[name] == nil {
		return s
	}
	out := *root.Defs[name]
	if s.Title != "" {
		out.Title = s.Title
	}
	if s.Description != "" {
		out.Description = s.Description
	}
	return &out
}

// keys returns the keys that a schema knows, sorted.
func (s *schema) keys() []string { return slices.Sorted(maps.Keys(s.Properties)) }

// about tells of a value, in Markdown.
func (s *schema) about() string {
	lines := []string{"**" + s.Title + "**", "", s.Description}
	for i, value := range s.Enum {
		line := "- " + code(value)
		if i < len(s.EnumDescriptions) {
			line += ": " + s.EnumDescriptions[i]
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}
