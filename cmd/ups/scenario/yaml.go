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

	"ups/diag"
)

// Error is what keeps a scenario file from being run: a mistake in it, or in
// what it names.
type Error struct {
	Pos     diag.Pos
	Message string
	Hint    string // what to write; may be empty
}

// Error gives the place and the message.
func (e *Error) Error() string { return e.Pos.String() + ": " + e.Message }

// reader walks the nodes of a file. It goes by hand since a mistake needs its
// line and column, and a key that isn't known is one. It keeps all mistakes.
type reader struct {
	file string
	errs []*Error
}

// maxMistakes bounds what is said of one file.
const maxMistakes = 20

func (r *reader) pos(n *yaml.Node) diag.Pos {
	return diag.Pos{Filename: r.file, Line: n.Line, Column: n.Column}
}

func (r *reader) fail(n *yaml.Node, hint, format string, args ...any) {
	if len(r.errs) < maxMistakes {
		r.errs = append(r.errs, &Error{r.pos(n), fmt.Sprintf(format, args...), hint})
	}
}

// err joins the mistakes, in the order of their places.
func (r *reader) err() error {
	slices.SortStableFunc(r.errs, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column))
	})
	errs := make([]error, len(r.errs))
	for i, e := range r.errs {
		errs[i] = e
	}
	return errors.Join(errs...)
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// document parses a text that holds one document.
func (r *reader) document(text []byte) *yaml.Node {
	dec := yaml.NewDecoder(strings.NewReader(string(text)))
	var doc, more yaml.Node
	if err := dec.Decode(&doc); err != nil {
		r.malformed(err)
		return nil
	}
	if dec.Decode(&more) == nil {
		r.fail(&more, "", "a second document: a file holds one")
	}
	return doc.Content[0]
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
	r.fail(&at, "", "not YAML: %s", message)
}

// keys are the keys that a mapping may have, and what takes their values.
type keys map[string]func(*yaml.Node)

// and gives the keys of both.
func (k keys) and(more keys) keys {
	all := maps.Clone(k)
	maps.Copy(all, more)
	return all
}

// mapping hands out the values of a mapping.
func (r *reader) mapping(n *yaml.Node, what string, k keys) {
	r.entries(n, what, func(key, value *yaml.Node) {
		take := k[key.Value]
		if take == nil {
			known := slices.Sorted(maps.Keys(k))
			hint := cmp.Or(diag.DidYouMean(key.Value, known), "the keys are "+strings.Join(known, ", "))
			r.fail(key, hint, "%s has no key %q", what, key.Value)
			return
		}
		take(value)
	})
}

// entries hands out keys and values, each key once.
func (r *reader) entries(n *yaml.Node, what string, take func(key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		r.fail(n, "", "%s is a mapping, of keys and values", what)
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch {
		case key.Kind != yaml.ScalarNode:
			r.fail(key, "", "a key of %s is a name", what)
		case seen[key.Value]:
			r.fail(key, "", "%s has the key %q twice", what, key.Value)
		default:
			seen[key.Value] = true
			take(key, value)
		}
	}
}

// list hands out the items of a list.
func (r *reader) list(n *yaml.Node, what string, take func(*yaml.Node)) {
	if n.Kind != yaml.SequenceNode {
		r.fail(n, "", "%s is a list", what)
		return
	}
	for _, item := range n.Content {
		take(item)
	}
}

// listOrOne hands out the items of a list, or what stands in place of a list
// of one.
func (r *reader) listOrOne(n *yaml.Node, take func(*yaml.Node)) {
	if n.Kind == yaml.SequenceNode {
		r.list(n, "", take)
		return
	}
	take(n)
}

// isScalar reports whether a node is a plain value that was written.
func isScalar(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag != "!!null" }

// text gives a plain value as it is written: 112 and +44 are no numbers here.
func (r *reader) text(n *yaml.Node, what string) string {
	if !isScalar(n) {
		hint := ""
		if n.Kind == yaml.AliasNode {
			hint = "aliases aren't taken: write it out"
		} else if n.Kind == yaml.ScalarNode {
			hint = "for an empty text write ''"
		}
		r.fail(n, hint, "%s is a text", what)
		return ""
	}
	return n.Value
}

// name gives a text that isn't empty.
func (r *reader) name(n *yaml.Node, what string) string {
	s := r.text(n, what)
	if isScalar(n) && s == "" {
		r.fail(n, "", "%s is empty", what)
	}
	return s
}

// oneOf gives a value of a closed set.
func (r *reader) oneOf(n *yaml.Node, what string, set ...string) string {
	if !isScalar(n) || !slices.Contains(set, n.Value) {
		hint := cmp.Or(diag.DidYouMean(n.Value, set), "it is one of "+strings.Join(set, ", "))
		r.fail(n, hint, "%s can't be %s", what, shown(n))
	}
	return n.Value
}

// shown gives what a mistaken node looks like.
func shown(n *yaml.Node) string {
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

// truth gives true for yes and true, and false for no and false.
func (r *reader) truth(n *yaml.Node, what string) bool {
	v := r.oneOf(n, what, "yes", "no", "true", "false")
	return v == "yes" || v == "true"
}

// number gives a number, decimal or with 0x in front, up to a limit.
func (r *reader) number(n *yaml.Node, what string, limit uint64) uint64 {
	digits, base := n.Value, 10
	if hex, ok := strings.CutPrefix(strings.ToLower(digits), "0x"); ok {
		digits, base = hex, 16
	}
	v, err := strconv.ParseUint(digits, base, 64)
	if !isScalar(n) || err != nil || v > limit {
		r.fail(n, "", "%s is a number up to %d, not %s", what, limit, shown(n))
		return 0
	}
	return v
}

// id gives a SID or UID.
func (r *reader) id(n *yaml.Node, what string) uint32 {
	v, ok := parseID(n.Value)
	if !isScalar(n) || !ok {
		r.fail(n, "", "%s is 0x and up to eight hexadecimal digits, such as 0x101f7f1f, not %s", what, shown(n))
	}
	return v
}

// parseID reads 0x and up to eight hexadecimal digits. Without the 0x it isn't
// clear whether 10283695 is decimal, so that isn't taken.
func parseID(s string) (uint32, bool) {
	digits, ok := strings.CutPrefix(strings.ToLower(s), "0x")
	v, err := strconv.ParseUint(digits, 16, 32)
	return uint32(v), ok && err == nil && len(digits) <= 8
}
