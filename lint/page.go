package lint

import (
	"fmt"
	"strings"
)

// Page returns the documentation of the rule, in Markdown.
func (r *Rule) Page() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s: %s\n\n%s\n\n", r.ID, strings.ToLower(r.Name[:1])+r.Name[1:], r.Summary)
	fmt.Fprintf(&b, "Category: %s (%s): %s. %s\n\n%s\n", r.Category, r.Category.Severity(), r.Category.Why(), r.notes(), r.Rationale)
	b.WriteString("\n## Found\n\n" + fenced(r.Bad))
	b.WriteString("\n## Not found\n\n" + fenced(r.Good))
	return b.String()
}

// notes returns what else the page says of a rule.
func (r *Rule) notes() string {
	var out []string
	if r.Fixable {
		out = append(out, "`ups lint --fix` can settle it where it is written plainly.")
	}
	if r.Against {
		out = append(out, "Looked for with `ups lint --against OLD`.")
	}
	if r.RunAll != nil {
		out = append(out, "Looked for among all files of a run.")
	}
	if !strings.HasPrefix(r.ID, "ignore-") {
		out = append(out, fmt.Sprintf("To ignore it: `// %s %s reason`.", marker, r.ID))
	}
	return strings.Join(append(out, fmt.Sprintf("To turn it off: `%s: off` in `%s`.", r.ID, ConfigName)), " ")
}

func fenced(source string) string { return "```c\n" + strings.TrimRight(source, "\n") + "\n```\n" }
