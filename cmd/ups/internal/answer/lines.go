package answer

import (
	"fmt"

	"ups/diag"
	"ups/policy"
)

// Line is a line of an answer for people.
type Line struct{ Name, Text string }

// Lines returns what decides, for people. The texts have what the policy has,
// control characters too.
func (a *Answer) Lines() []Line {
	p := &a.Policy
	return []Line{
		{"policy", a.which()},
		{"file", fmt.Sprintf("%s, version %d.%d", a.File, a.Header.MajorVersion, a.Header.MinorVersion)},
		{"destination", p.Destination.String()},
		{"options", p.Options.String()},
		{"prompts", a.prompts()},
		{"evaluator", evaluatorText(p.PolicyEvaluator)},
		{"creator", fmt.Sprintf("0x%08x", p.DialogCreator)},
		{"flags", fmt.Sprintf("0x%04x", p.Flags)},
		{"asked", fmt.Sprintf("%s (%s)", a.askedText(), a.Header.AuthorisationPolicy)},
	}
}

// EarlierLines returns what the request misses of the policies before, for people.
func (a *Answer) EarlierLines() []Line {
	var lines []Line
	for n, e := range a.Earlier {
		lines = append(lines, Line{fmt.Sprintf("not %d", n+1), placeText("", e.Policy.Places.Whole, ": ") + a.Why(e)})
	}
	return lines
}

// which names the policy that decides.
func (a *Answer) which() string {
	if a.Default() {
		return fmt.Sprintf("none of %d matches: the default policy", a.Policies)
	}
	return fmt.Sprintf("%d of %d%s", a.Index+1, a.Policies, placeText(", ", a.Policy.Places.Whole, ""))
}

// placeText returns a place between two texts, or nothing if it isn't known.
func placeText(before string, p diag.Place, after string) string {
	if !p.Span.IsValid() {
		return ""
	}
	return before + p.Span.Start.String() + after
}

func (a *Answer) prompts() string {
	if a.Policy.Options.Prompts() {
		return "yes"
	}
	return fmt.Sprintf("no: the decision is %s", a.Decision())
}

func evaluatorText(uid uint32) string {
	if uid == 0 {
		return "0x00000000 (the default evaluator)"
	}
	return fmt.Sprintf("0x%08x", uid)
}

// askedText says whether the service would be asked at all.
func (a *Answer) askedText() string {
	given := a.Asked(a.Request.Drive)
	if a.Request.Drive == 0 && a.Asked('z') != given {
		return "yes; from drive Z it would be allowed without"
	}
	switch given {
	case policy.Allow:
		return "no, allowed without"
	case policy.Reject:
		return "no, rejected without"
	}
	return "yes"
}
