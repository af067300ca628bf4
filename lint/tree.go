package lint

import (
	"strings"

	"ups/diag"
	"ups/grammar"
)

// policyNodes returns the POLICY values of a source, in their order: the nth is
// the nth policy of the list.
func policyNodes(t *grammar.Tree) []*grammar.StructValue {
	list := policyList(t)
	if list == nil {
		return nil
	}
	var nodes []*grammar.StructValue
	for _, item := range list.Items {
		if s, ok := item.(*grammar.StructValue); ok {
			nodes = append(nodes, s)
		}
	}
	return nodes
}

// policyList returns the value of the field policies, or nil. Of several the
// last counts.
func policyList(t *grammar.Tree) *grammar.ListValue {
	var list *grammar.ListValue
	for _, s := range t.Statements {
		r, ok := s.(*grammar.Resource)
		if !ok || r.Struct.Text != "POLICIES" {
			continue
		}
		if f := fieldNode(r.Fields, "policies"); f != nil {
			list, _ = f.Value.(*grammar.ListValue)
		}
	}
	return list
}

// fieldNode returns the field of a name, or nil. Of several the last counts.
func fieldNode(fields []*grammar.Field, name string) *grammar.Field {
	var found *grammar.Field
	for _, f := range fields {
		if f.Name.Text == name {
			found = f
		}
	}
	return found
}

// policyAt returns the number of the policy that a place is in, or 0.
func (in *Input) policyAt(at diag.Span) int {
	if !at.IsValid() {
		return 0
	}
	for i, s := range in.spans {
		if s.Start.Filename == at.Start.Filename && s.Start.Offset <= at.Start.Offset && at.Start.Offset < s.End.Offset {
			return i + 1
		}
	}
	return 0
}

// commentSpan returns the place of a comment, without the CR of its line's end.
func (in *Input) commentSpan(c grammar.Comment) diag.Span {
	s := in.Tree.CommentSpan(c)
	if strings.HasSuffix(in.textOf(s), "\r") {
		s.End.Offset--
		s.End.Column--
	}
	return s
}

// node returns the source of a policy by its number, or nil.
func (in *Input) node(policy int) *grammar.StructValue {
	if policy < 1 || policy > len(in.nodes) {
		return nil
	}
	return in.nodes[policy-1]
}
