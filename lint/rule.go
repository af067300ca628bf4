// Package lint finds what is wrong with a policy list although it compiles:
// above all, policies that stand in the wrong place. It claims nothing that it
// can't show, by a witness or by who is to blame.
package lint

import (
	"ups/diag"
	"ups/grammar"
	"ups/lint/analysis"
	"ups/policy"
)

// Rule is one thing that is looked for. The docs, `ups explain` and the
// reports all read the literal.
type Rule struct {
	ID        string   // stable, in lower case with hyphens
	Name      string   // a few words, for lists
	Category  Category // of its findings, unless one of them is of another
	Summary   string   // one sentence: what is found
	Rationale string   // why it matters, with what requires it
	// Bad and Good are whole sources: Bad is found, Good is not. Where names
	// of files count, or an older version, it is an archive with a line
	// "-- name --" before each; old/name is the older version of name.
	Bad, Good string
	Run       func(*Pass) // looks at one list; nil if RunAll is set
	// Fixable says that findings carry edits that keep every decision, where
	// what they are about is written plainly.
	Fixable bool
	// Against says that the rule compares with an older version, and so runs
	// only where there is one.
	Against bool
	// RunAll looks at all lists of a run together, of which it gets no more
	// than Path and File.
	RunAll func(*ProjectPass)
}

// Pass is one rule's look at one policy list.
type Pass struct {
	Rule *Rule
	*Input
	// Report takes a finding. Its code is the rule's, and so is its category,
	// unless the finding has one of its own; the severity follows. Where the
	// span has no file, it gets that of the list.
	Report func(Finding)

	checked *Checked
	tracer  *grammar.Tracer // of the source; nil until asked for
}

// ProjectPass is one rule's look at all policy lists of a run.
type ProjectPass struct {
	Rule   *Rule
	Inputs []*Input
	Report func(*Input, Finding) // as in Pass, about one of the inputs
}

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

// Finding is what a rule has found, once.
type Finding struct {
	diag.Diagnostic
	// Category is the rule's, or a milder one; 0 for errors and warnings of
	// the compiler.
	Category Category
	// Path is that of the list. The span may be elsewhere: in a file that it
	// includes. Run fills it in.
	Path string
	// Policy is the number of the policy, from 1; 0 if it is about the file.
	Policy int
	// Also are the numbers of other policies that it is about too.
	Also []int
	// Culprits are the numbers of the policies that cause it.
	Culprits []int
	// Cause is what findings of one rule and category may have in common, so
	// that Merge makes one of them.
	Cause cause
	// Witness is a request that shows it, which policy.File.Decide has
	// confirmed; nil if the finding needs none.
	Witness *policy.Request
	// Fingerprint stays the same while the policy, or the line for a finding
	// about the file, is moved. Run fills it in.
	Fingerprint string
}
