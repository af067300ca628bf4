package main

import (
	"fmt"
	"html"
	"strings"

	"ups/policy"
)

// A picture is a table: a row for each request, a column for each policy.
const (
	left, top         = 190, 70
	width, height     = 176, 54
	style             = `text{font:13px system-ui,sans-serif;fill:#1d2126}.quiet{fill:#565d66}.decides{fill:#d8ebdb;stroke:#2f7d3b;stroke-width:2}.other{fill:#f4f5f7;stroke:#d5d9de}.skipped{fill:none;stroke:#d5d9de;stroke-dasharray:4 3}.would{fill:#fbe9d0;stroke:#b36b00;stroke-dasharray:4 3}.bold{font-weight:700}@media(prefers-color-scheme:dark){text{fill:#dfe3e8}.quiet{fill:#a3abb5}.decides{fill:#1f3d26;stroke:#63b273}.other{fill:#1f2329;stroke:#363c44}.skipped{stroke:#363c44}.would{fill:#46351a;stroke:#e0a54a}}`
	firstLine, second = 22, 40 // of text, from the top of a cell
)

// draw returns the picture as SVG, with a description in words.
func (p *picture) draw() (string, error) {
	f, err := p.file()
	if err != nil {
		return "", err
	}
	var b, words strings.Builder
	for i := range f.Policies {
		x := left + i*width
		text(&b, x+8, 24, "bold", fmt.Sprintf("Policy %d", i+1))
		for k, line := range policyLines(&f.Policies[i]) {
			text(&b, x+8, 42+16*k, "quiet", line)
		}
	}
	for n, r := range p.requests {
		q := policy.Request{SID: r.sid, Passed: r.passed, Destination: policy.NewText(r.destination)}
		decider := f.Decide(q)
		y := top + n*height
		text(&b, 8, y+firstLine, "bold", fmt.Sprintf("%q", r.destination))
		text(&b, 8, y+second, "quiet", fmt.Sprintf("0x%08X, check %s", r.sid, checks[r.passed]))
		fmt.Fprintf(&words, "%q of SID 0x%08X, check %s: policy %d decides. ", r.destination, r.sid, checks[r.passed], decider+1)
		for i := range f.Policies {
			class, said := cell(&f.Policies[i], q, i, decider)
			fmt.Fprintf(&b, `<rect class="%s" x="%d" y="%d" width="%d" height="%d" rx="5"/>`, class, left+i*width+4, y+4, width-8, height-8)
			for k, line := range said {
				text(&b, left+i*width+14, y+firstLine+k*(second-firstLine), "", line)
			}
		}
	}
	w, h := left+len(f.Policies)*width+4, top+len(p.requests)*height+6
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-labelledby="t d"><title id="t">%s</title><desc id="d">%s</desc><style>%s</style>%s</svg>
`, w, h, w, h, html.EscapeString(p.title), html.EscapeString(strings.TrimSpace(words.String())), style, b.String()), nil
}

var checks = map[bool]string{true: "passed", false: "failed"}

func text(b *strings.Builder, x, y int, class, s string) {
	fmt.Fprintf(b, `<text class="%s" x="%d" y="%d">%s</text>`, class, x, y, html.EscapeString(s))
}

// policyLines describes a policy in two short lines.
func policyLines(p *policy.Policy) []string {
	who := "all SIDs"
	switch {
	case len(p.SIDs) > 0:
		who = fmt.Sprintf("SID 0x%08X", p.SIDs[0])
	case p.SIDClasses == policy.ProtectedSIDs:
		who = "protected SIDs"
	}
	if p.Security == policy.Passed {
		who += ", passed"
	}
	return []string{fmt.Sprintf("%q, %s", p.Destination.String(), p.Options), who}
}

// cell says what becomes of a request at a policy.
func cell(p *policy.Policy, q policy.Request, i, decider int) (class string, said []string) {
	parts := p.Explain(q)
	switch {
	case i == decider:
		return "decides", []string{"decides", outcome(p)}
	case i > decider && parts.Matches():
		return "would", []string{"not tried", "it would match"}
	case i > decider:
		return "skipped", []string{"not tried"}
	}
	if !parts.SID {
		said = append(said, "another client")
	}
	if !parts.Security {
		said = append(said, "another check")
	}
	if !parts.Destination {
		said = append(said, "another destination")
	}
	return "other", said[:min(2, len(said))]
}

func outcome(p *policy.Policy) string {
	switch {
	case p.Options.Prompts():
		return "asks the user"
	case p.Options.SilentDecision().Allows():
		return "allows"
	}
	return "denies"
}
