package scenario

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"ups/cmd/ups/internal/flags"
	"ups/diag"
	"ups/internal/yamlnode"
)

// reader walks the nodes of a file, and keeps all mistakes.
type reader struct {
	yamlnode.Walker
	file string
}

func newReader(file string) reader {
	return reader{yamlnode.Walker{Describe: describeFault, Max: maxMistakes}, file}
}

// maxMistakes bounds what is said of one file.
const maxMistakes = 20

func (r *reader) pos(n *yaml.Node) diag.Pos {
	return diag.Pos{Filename: r.file, Line: n.Line, Column: n.Column}
}

// describeFault words what the walker finds wrong.
func describeFault(f yamlnode.Fault) (message, hint string) {
	switch f.Kind {
	case yamlnode.NotMapping:
		return f.What + " is a mapping, of keys and values", ""
	case yamlnode.NotList:
		return f.What + " is a list", ""
	case yamlnode.NotScalar:
		return fmt.Sprintf("a key of %s is a name", f.What), ""
	case yamlnode.RepeatedKey:
		return fmt.Sprintf("%s has the key %q twice", f.What, f.Node.Value), ""
	case yamlnode.UnknownKey:
		return fmt.Sprintf("%s has no key %q", f.What, f.Node.Value),
			cmp.Or(diag.DidYouMean(f.Node.Value, f.Known), "the keys are "+strings.Join(f.Known, ", "))
	}
	return fmt.Sprintf("%s can't be %s", f.What, yamlnode.Show(f.Node)),
		cmp.Or(diag.DidYouMean(f.Node.Value, f.Known), "it is one of "+strings.Join(f.Known, ", "))
}

// err joins the mistakes, in the order of their places.
func (r *reader) err() error {
	slices.SortStableFunc(r.Mistakes, func(a, b yamlnode.Mistake) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	errs := make([]error, len(r.Mistakes))
	for i, m := range r.Mistakes {
		errs[i] = &Error{diag.Pos{Filename: r.file, Line: m.Line, Column: m.Column}, m.Message, m.Hint}
	}
	return errors.Join(errs...)
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// document parses a text that holds one document.
func (r *reader) document(text []byte) *yaml.Node {
	doc, second, err := yamlnode.Parse(text)
	if err != nil {
		r.malformed(err)
	}
	if second != nil {
		r.Fail(second, "", "a second document: a file holds one")
	}
	return doc
}

// malformed takes over an error of the YAML package, which knows the line.
func (r *reader) malformed(err error) {
	message, at := err.Error(), yaml.Node{Line: 1, Column: 1}
	if m := yamlLine.FindStringSubmatch(message); m != nil {
		message = strings.TrimPrefix(message, m[0])
		if line, err := strconv.Atoi(m[1]); err == nil {
			at.Line = line
		}
	}
	if message == "EOF" {
		message = "nothing in the file"
	}
	r.Fail(&at, "", "not YAML: %s", message)
}

// keys are the keys that a mapping may have, and what takes their values.
type keys map[string]func(*yaml.Node)

// and returns the keys of both.
func (k keys) and(more keys) keys {
	all := maps.Clone(k)
	maps.Copy(all, more)
	return all
}

// mapping reads a mapping of these keys.
func (r *reader) mapping(n *yaml.Node, what string, k keys) {
	var sorted []yamlnode.Key
	for _, name := range slices.Sorted(maps.Keys(k)) {
		sorted = append(sorted, yamlnode.Key{Name: name, Read: k[name]})
	}
	r.Mapping(n, what, sorted)
}

// listOrOne hands out the items of a list, or what stands in place of a list
// of one.
func (r *reader) listOrOne(n *yaml.Node, take func(*yaml.Node)) {
	if n.Kind == yaml.SequenceNode {
		r.List(n, "", take)
		return
	}
	take(n)
}

// text returns a plain value as it is written: 112 and +44 are no numbers here.
func (r *reader) text(n *yaml.Node, what string) string {
	if !yamlnode.IsScalar(n) {
		hint := ""
		if n.Kind == yaml.AliasNode {
			hint = "aliases aren't taken: write it out"
		} else if n.Kind == yaml.ScalarNode {
			hint = "for an empty text write ''"
		}
		r.Fail(n, hint, "%s is a text", what)
		return ""
	}
	return n.Value
}

// name returns a text that isn't empty.
func (r *reader) name(n *yaml.Node, what string) string {
	s := r.text(n, what)
	if yamlnode.IsScalar(n) && s == "" {
		r.Fail(n, "", "%s is empty", what)
	}
	return s
}

// oneOf returns a value of a closed set.
func (r *reader) oneOf(n *yaml.Node, what string, set ...string) string {
	value, _ := r.OneOf(n, what, set...)
	return value
}

// truth returns true for yes and true, and false for no and false.
func (r *reader) truth(n *yaml.Node, what string) bool {
	v := r.oneOf(n, what, "yes", "no", "true", "false")
	return v == "yes" || v == "true"
}

// number returns a number, decimal or with 0x in front, up to a limit.
func (r *reader) number(n *yaml.Node, what string, limit uint64) uint64 {
	digits, base := n.Value, 10
	if hex, ok := strings.CutPrefix(strings.ToLower(digits), "0x"); ok {
		digits, base = hex, 16
	}
	v, err := strconv.ParseUint(digits, base, 64)
	if !yamlnode.IsScalar(n) || err != nil || v > limit {
		r.Fail(n, "", "%s is a number up to %d, not %s", what, limit, yamlnode.Show(n))
		return 0
	}
	return v
}

// id returns a SID or UID.
func (r *reader) id(n *yaml.Node, what string) uint32 {
	v, ok := parseID(n.Value)
	if !yamlnode.IsScalar(n) || !ok {
		r.Fail(n, "", "%s is 0x and up to eight hexadecimal digits, such as 0x101f7f1f, not %s", what, yamlnode.Show(n))
	}
	return v
}

// parseID reads 0x and up to eight hexadecimal digits, in any case.
func parseID(s string) (uint32, bool) {
	id, err := flags.ParseID([]byte(strings.ToLower(s)))
	return id, err == nil
}
