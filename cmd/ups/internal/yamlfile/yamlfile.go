// Package yamlfile reads files in YAML that people write: it hands out values by
// what they must be, and keeps all mistakes with their places and hints.
package yamlfile

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

// Error is a mistake in a file, or in what it names.
type Error struct {
	Pos     diag.Pos
	Message string
	Hint    string // what to write; may be empty
}

// Error returns the place and the message.
func (e *Error) Error() string { return e.Pos.String() + ": " + e.Message }

// Reader walks the nodes of a file, and keeps all mistakes.
type Reader struct {
	yamlnode.Walker
	file string
}

// New returns a reader of a file that is called so.
func New(file string) Reader {
	return Reader{yamlnode.Walker{Describe: describeFault, Max: MaxMistakes}, file}
}

// MaxMistakes bounds what is said of one file.
const MaxMistakes = 20

// Pos returns the place of a node.
func (r *Reader) Pos(n *yaml.Node) diag.Pos {
	return diag.Pos{Filename: r.file, Line: n.Line, Column: n.Column}
}

// describeFault words what the walker finds wrong.
func describeFault(f yamlnode.Fault) (message, hint string) {
	switch f.Kind {
	case yamlnode.NotMapping:
		return f.What + " is a mapping, of keys and values", ""
	case yamlnode.NotList:
		if n := f.Node; yamlnode.IsScalar(n) && n.Value != "" && n.Style == 0 { // as it is written
			return f.What + " is a list", "write [" + n.Value + "]"
		}
		return f.What + " is a list", "begin each entry with a hyphen, in a line of its own"
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

// Err joins the mistakes, in the order of their places.
func (r *Reader) Err() error {
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

// Document parses a text that holds one document.
func (r *Reader) Document(text []byte) *yaml.Node {
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
func (r *Reader) malformed(err error) {
	message, at := err.Error(), yaml.Node{Line: 1, Column: 1}
	if m := yamlLine.FindStringSubmatch(message); m != nil {
		message = strings.TrimPrefix(message, m[0])
		if line, err := strconv.Atoi(m[1]); err == nil {
			at.Line = line
		}
	}
	hint := ""
	switch message {
	case "EOF":
		message = "nothing in the file"
	case "found character that cannot start any token":
		hint = "indent with spaces, since YAML takes no tabs; and put quotes around a text that begins with @, % or `"
	}
	r.Fail(&at, hint, "not YAML: %s", message)
}

// Keys are the keys that a mapping may have, and what takes their values.
type Keys map[string]func(*yaml.Node)

// And returns the keys of both.
func (k Keys) And(more Keys) Keys {
	all := maps.Clone(k)
	maps.Copy(all, more)
	return all
}

// Keys reads a mapping of these keys.
func (r *Reader) Keys(n *yaml.Node, what string, k Keys) {
	var sorted []yamlnode.Key
	for _, name := range slices.Sorted(maps.Keys(k)) {
		sorted = append(sorted, yamlnode.Key{Name: name, Read: k[name]})
	}
	r.Mapping(n, what, sorted)
}

// ListOrOne hands out the items of a list, or what stands in place of a list
// of one.
func (r *Reader) ListOrOne(n *yaml.Node, take func(*yaml.Node)) {
	if n.Kind == yaml.SequenceNode {
		r.List(n, "", take)
		return
	}
	take(n)
}

// Text returns a plain value as it is written: 112 and +44 are no numbers here.
func (r *Reader) Text(n *yaml.Node, what string) string {
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

// Name returns a text that isn't empty.
func (r *Reader) Name(n *yaml.Node, what string) string {
	s := r.Text(n, what)
	if yamlnode.IsScalar(n) && s == "" {
		r.Fail(n, "", "%s is empty", what)
	}
	return s
}

// Choice returns a value of a closed set.
func (r *Reader) Choice(n *yaml.Node, what string, set ...string) string {
	value, _ := r.OneOf(n, what, set...)
	return value
}

// Truth returns true for yes and true, and false for no and false.
func (r *Reader) Truth(n *yaml.Node, what string) bool {
	v := r.Choice(n, what, "yes", "no", "true", "false")
	return v == "yes" || v == "true"
}

// Number returns a number, decimal or with 0x in front, up to a limit.
func (r *Reader) Number(n *yaml.Node, what string, limit uint64) uint64 {
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

// ID returns a SID or UID.
func (r *Reader) ID(n *yaml.Node, what string) uint32 {
	v, ok := ParseID(n.Value)
	if !yamlnode.IsScalar(n) || !ok {
		r.Fail(n, idHint(n.Value), "%s is 0x and up to eight hexadecimal digits, such as 0x101f7f1f, not %s", what, yamlnode.Show(n))
	}
	return v
}

// idHint says how a number is written that isn't written as an ID is.
func idHint(s string) string {
	if _, err := strconv.ParseUint(s, 16, 32); err == nil {
		return "write 0x" + s
	}
	if v, err := strconv.ParseUint(s, 10, 32); err == nil {
		return fmt.Sprintf("in hexadecimal digits that is 0x%08x", v)
	}
	return ""
}

// ParseID reads 0x and up to eight hexadecimal digits, in any case.
func ParseID(s string) (uint32, bool) {
	id, err := flags.ParseID([]byte(strings.ToLower(s)))
	return id, err == nil
}
