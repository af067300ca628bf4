package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/usage"
	"ups/compiler"
	"ups/lint"
)

func newExplain(con *console.Console) *cobra.Command {
	return &cobra.Command{
		Use:   "explain CODE",
		Short: "Tell about a rule of lint or a code of the compiler",
		Long: `Tell what a diagnostic means and why it matters, with an example of what it is
about and of what it isn't. CODE is what stands in brackets behind its message.`,
		Example: "  ups explain catch-all\n  ups explain constant-unknown\n  ups lint --list",
		Args:    usage.NeedsArgs("the code that stands in brackets behind a message"),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return console.UsageError("", "ups explain takes one code, and these are %d", len(args))
			}
			code := strings.Trim(args[0], "[]")
			if page := explain(code); page != "" {
				return con.Write([]byte(page))
			}
			return console.UsageError(nearCodes(code), "there is no code %q", code)
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return codes(), cobra.ShellCompDirectiveNoFileComp
		},
	}
}

// explain returns the page about a code, or "".
func explain(code string) string {
	if r := lint.RuleByID(code); r != nil {
		return r.Page()
	}
	for _, e := range compiler.Explanations() {
		if e.Code == code {
			return e.Page()
		}
	}
	return ""
}

// codes returns all codes that have a page, sorted.
func codes() []string {
	all := lint.RuleIDs()
	for _, e := range compiler.Explanations() {
		all = append(all, e.Code)
	}
	slices.Sort(all)
	return all
}

// nearCodes is a hint with the codes that are near, or share a word.
func nearCodes(code string) string {
	var near []string
	for _, c := range codes() {
		for _, word := range strings.Split(c, "-") {
			if code != "" && strings.Contains("-"+code+"-", "-"+word+"-") {
				near = append(near, c)
				break
			}
		}
	}
	otherwise := "a code stands in brackets behind a message; ups lint --list lists the rules of lint"
	if len(near) > 0 {
		otherwise = "these are near: " + strings.Join(near, ", ")
	}
	return usage.DidYouMean(code, codes(), otherwise)
}
