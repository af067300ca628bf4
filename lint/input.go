package lint

import (
	"strings"
	"sync"

	"ups/diag"
	"ups/grammar"
	"ups/lint/analysis"
	"ups/policy"
)

// Input is one policy list and what is known of it.
type Input struct {
	Path string // of the source or compiled file
	File *policy.File
	Tree *grammar.Tree // nil for a compiled file
	// Diagnostics are the compiler's warnings; the rules that look at the
	// text of a source take theirs from here, by code.
	Diagnostics []diag.Diagnostic
	// Against is an older version of the same list, or nil.
	Against *policy.File
	// Analysis is worked out when first asked for, and shared by the rules.
	Analysis func() *analysis.Result

	compared func() *analysis.Comparison // with Against, if that is set
	nodes    []*grammar.StructValue      // of the policies, in a source
	spans    []diag.Span                 // of the nodes
}

// prepare works out what rules need and the caller didn't set.
func (in *Input) prepare(cfg *Config) {
	if in.Tree != nil {
		in.nodes = policyNodes(in.Tree)
		in.spans = spansOf(in.Tree, in.nodes)
	}
	if in.Analysis == nil && in.File != nil {
		in.Analysis = sync.OnceValue(func() *analysis.Result { return analysis.Analyse(in.File, analysis.Options{Budget: cfg.Budget}) })
	}
	if in.Against != nil && in.File != nil {
		in.compared = sync.OnceValue(func() *analysis.Comparison {
			return analysis.Compare(in.Against, in.File, analysis.Options{Budget: cfg.Budget})
		})
	}
}

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

// PolicySpans returns where the policies of a source stand, from the name of the
// struct to the closing brace: the nth is the nth policy of the list.
func PolicySpans(t *grammar.Tree) []diag.Span { return spansOf(t, policyNodes(t)) }

func spansOf(t *grammar.Tree, nodes []*grammar.StructValue) []diag.Span {
	spans := make([]diag.Span, len(nodes))
	for i, n := range nodes {
		spans[i] = t.Span(n.Node)
	}
	return spans
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
