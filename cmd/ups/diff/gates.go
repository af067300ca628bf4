package diff

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ups/cmd/ups/internal/console"
	"ups/diag"
	"ups/lint/analysis"
)

// gate is a kind of change that a review may refuse.
type gate struct {
	name string
	met  func(analysis.Effect) bool
	file func(*file) bool // of a file as a whole; may be nil
}

var allGates = []gate{
	{name: "new-silent-yes", met: analysis.Effect.NewSilentYes},
	{name: "new-silent-no", met: analysis.Effect.NewSilentNo},
	{name: "new-lasting", met: analysis.Effect.NewLasting},
	{name: "new-prompt", met: analysis.Effect.NewPrompt},
	{name: "options", met: func(e analysis.Effect) bool { return e.Added|e.Removed != 0 }},
	{name: "evaluator", met: func(e analysis.Effect) bool { return e.EvaluatorChanged }},
	{name: "creator", met: func(e analysis.Effect) bool { return e.CreatorChanged }},
	{name: "flags", met: func(e analysis.Effect) bool { return e.FlagsChanged }},
	{name: "stored-deleted", met: func(analysis.Effect) bool { return false }, file: (*file).deletesStored},
}

func gateNames() string {
	var names []string
	for _, g := range allGates {
		names = append(names, g.name)
	}
	return strings.Join(names, ", ")
}

// gates are those of --fail-on; none stands for all changes.
type gates []gate

func (g *gates) Type() string { return "KINDS" }

func (g *gates) String() string {
	var names []string
	for _, gate := range *g {
		names = append(names, gate.name)
	}
	return strings.Join(names, ",")
}

// Set adds gates.
func (g *gates) Set(s string) error {
	for name := range strings.SplitSeq(s, ",") {
		i := slices.IndexFunc(allGates, func(gate gate) bool { return gate.name == strings.TrimSpace(name) })
		if i < 0 {
			if hint := diag.DidYouMean(name, strings.Split(gateNames(), ", ")); hint != "" {
				return fmt.Errorf("%q is no kind of change: %s", name, hint)
			}
			return fmt.Errorf("%q is no kind of change; the kinds are %s", name, gateNames())
		}
		*g = append(*g, allGates[i])
	}
	return nil
}

// check returns ErrFound for a report that doesn't pass.
func (g gates) check(r *result) error {
	for _, f := range r.files {
		if !f.Complete() || slices.ContainsFunc(g, func(gate gate) bool { return gate.file != nil && gate.file(f) }) {
			return console.ErrFound
		}
		for _, c := range f.Changes {
			if len(g) == 0 || slices.ContainsFunc(g, func(gate gate) bool { return gate.met(c.Effect) }) {
				return console.ErrFound
			}
		}
	}
	return nil
}

func completeGates(_ *cobra.Command, _ []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	head := begun[:strings.LastIndexByte(begun, ',')+1]
	var out []cobra.Completion
	for _, g := range allGates {
		out = append(out, head+g.name)
	}
	return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}
