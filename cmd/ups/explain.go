package main

import (
	"strings"

	"github.com/spf13/cobra"

	"ups/lint"
)

func newExplain(sys *system) *cobra.Command {
	return &cobra.Command{
		Use:     "explain RULE",
		Short:   "Tell about a rule of lint",
		Long:    "Tell what a rule of lint finds and why it matters, with an example of what it\nfinds and of what it doesn't.",
		Example: "  ups explain catch-all\n  ups lint --list",
		Args:    needsArgs("the id of a rule; ups lint --list has them"),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usageError("", "ups explain takes one rule, and these are %d", len(args))
			}
			if r := lint.RuleByID(args[0]); r != nil {
				return sys.write([]byte(r.Page()))
			}
			return usageError(nearRules(args[0]), "there is no rule %q", args[0])
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return lint.RuleIDs(), cobra.ShellCompDirectiveNoFileComp
		},
	}
}

// nearRules is a hint with the rules whose ids are near, or share a word.
func nearRules(id string) string {
	var near []string
	for _, rule := range lint.RuleIDs() {
		for _, word := range strings.Split(rule, "-") {
			if id != "" && strings.Contains("-"+id+"-", "-"+word+"-") {
				near = append(near, rule)
				break
			}
		}
	}
	otherwise := "ups lint --list lists the rules"
	if len(near) > 0 {
		otherwise = "these are near: " + strings.Join(near, ", ")
	}
	return didYouMean(id, lint.RuleIDs(), otherwise)
}
