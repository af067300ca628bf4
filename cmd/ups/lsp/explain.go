package lsp

import (
	"fmt"
	"strings"

	"ups/cmd/ups/internal/changes"
	"ups/lint/analysis"
	"ups/policy"
)

// explain tells of a policy in Markdown: what it decides, with an example, who
// stands in its way, and what the prompt offers.
func (c *compilation) explain(i int, a *analysis.Result) string {
	lines := []string{"**Policy " + code(titleOf(c.result.File, i)) + "**", ""}
	for _, l := range [][]string{c.decides(i, a), c.inTheWay(i, a), c.prompt(i)} {
		for _, text := range l {
			lines = append(lines, "- "+text)
		}
	}
	return strings.Join(lines, "\n")
}

// code shows a text as code in Markdown.
func code(s string) string {
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if fence != "`" || strings.HasPrefix(s, "`") {
		return fence + " " + s + " " + fence
	}
	return fence + s + fence
}

// requestText tells of a request.
func requestText(r policy.Request) string {
	check := "check failed"
	if r.Passed {
		check = "check passed"
	}
	return fmt.Sprintf("SID 0x%08X, %s, destination %s", r.SID, check, code(fmt.Sprintf("%q", r.Destination.String())))
}

// decides says whether a policy decides any request, with an example.
func (c *compilation) decides(i int, a *analysis.Result) []string {
	r := &a.Policies[i]
	switch r.Reach {
	case analysis.Reachable:
		return []string{"It decides, for example, a request of " + requestText(r.Witness) + "."}
	case analysis.NeverAsked:
		return []string{"It decides nothing: the service isn't asked about the requests that get here, such as one of " + requestText(r.Witness) + "."}
	case analysis.Unreachable:
		return []string{"It decides nothing: " + c.names(r.Cover()) + " " + verb(len(r.Cover()), "matches", "together match") + " all that it does."}
	case analysis.MatchesNothing:
		return []string{"It decides nothing: no client, or no result of the check, is what it is for."}
	case analysis.Irregular:
		return []string{"What it decides isn't known: its destination isn't a regular pattern."}
	}
	return []string{"Whether it decides anything isn't decided."}
}

func verb(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// names lists policies.
func (c *compilation) names(places []int) string {
	var out []string
	for _, p := range places {
		out = append(out, c.nameOf(p))
	}
	return changes.Listed(out)
}

// inTheWay says which earlier policies decide requests of a policy otherwise.
func (c *compilation) inTheWay(i int, a *analysis.Result) []string {
	r := &a.Policies[i]
	var out []string
	for _, conflict := range r.Conflicts[:min(len(r.Conflicts), changes.MaxListed)] {
		out = append(out, fmt.Sprintf("Before it, %s decides some of its requests, and %s: %s.",
			c.nameOf(conflict.By), outcomeOf(a.Policies[conflict.By].Outcome), requestText(conflict.Request)))
	}
	if more := len(r.Conflicts) - changes.MaxListed; more > 0 {
		out = append(out, fmt.Sprintf("So do %d more.", more))
	}
	if d := r.DifferingRequest; r.Reach == analysis.Unreachable && d != nil {
		out = append(out, fmt.Sprintf("It %s; %s does otherwise with a request of %s.", outcomeOf(r.Outcome), c.nameOf(d.By), requestText(d.Request)))
	}
	if r.Reach == analysis.Reachable && r.Redundant == analysis.Yes {
		out = append(out, "Without it every decision would be the same.")
	}
	return out
}

// prompt says what becomes of requests, and which plug-ins are asked.
func (c *compilation) prompt(i int) []string {
	o := analysis.OutcomeOf(c.result.File, &c.result.File.Policies[i])
	switch analysis.KindOf(o) {
	case analysis.Allows:
		return []string{"There is no prompt: only yeses are offered, so requests are allowed."}
	case analysis.Denies:
		return []string{"There is no prompt: only noes are offered, so requests are denied."}
	}
	return []string{
		"The prompt offers " + o.Options.Words() + ".",
		fmt.Sprintf("The dialog creator is 0x%08X, the policy evaluator %s.", o.Creator, evaluator(o.Evaluator)),
	}
}

func evaluator(uid uint32) string {
	if uid == 0 {
		return "the built-in one, for which all destinations are the same"
	}
	return fmt.Sprintf("0x%08X", uid)
}

// plainText is Markdown as it reads without its signs, for messages.
func plainText(markdown string) string {
	return strings.NewReplacer("**", "", "`", "").Replace(markdown)
}
