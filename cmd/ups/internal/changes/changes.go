// Package changes tells in words what changes from one version of a list to the
// next: for ups diff, and for editors.
package changes

import (
	"fmt"
	"slices"
	"strings"

	"ups/lint/analysis"
	"ups/policy"
)

// Title says what changes, in a line.
func Title(c *analysis.Change) string {
	was := map[analysis.Kind]string{
		analysis.Asks: "where the user was asked", analysis.Allows: "where it was allowed without asking", analysis.Denies: "where it was denied without asking",
	}[c.Effect.Before]
	switch {
	case c.Effect.After == analysis.Allows:
		return "allowed without asking, " + was
	case c.Effect.After == analysis.Denies:
		return "denied without asking, " + was
	case c.Effect.Before != analysis.Asks:
		return "the user is asked, " + was + lastingToo(c.Offered)
	}
	return strings.Join(promptChanges(c.Effect), "; ")
}

func lastingToo(offered policy.Options) string {
	if lasting := offered & (policy.Always | policy.Never); lasting != 0 {
		return "; " + lasting.Words() + " offered"
	}
	return ""
}

// promptChanges says in what prompts differ.
func promptChanges(e analysis.Effect) []string {
	var parts []string
	add := func(when bool, format string, args ...any) {
		if when {
			parts = append(parts, fmt.Sprintf(format, args...))
		}
	}
	add(e.Added != 0, "%s newly offered", e.Added.Words())
	add(e.Removed != 0, "%s no longer offered", e.Removed.Words())
	add(e.EvaluatorChanged, "another policy evaluator (%s, was %s), so stored answers don't match any more", uid(e.Evaluator[1]), uid(e.Evaluator[0]))
	add(e.CreatorChanged, "another dialog creator (%s, was %s)", uid(e.Creator[1]), uid(e.Creator[0]))
	add(e.FlagsChanged, "other flags (%#x, were %#x)", e.Flags[1], e.Flags[0])
	add(e.DefaultChanged, "the evaluator is told otherwise whether it is the default policy")
	return parts
}

func uid(u uint32) string {
	if u == 0 {
		return "the built-in one"
	}
	return fmt.Sprintf("0x%08X", u)
}

// MaxListed is how many of a kind of thing a line names.
const MaxListed = 5

// Listed joins what a line names.
func Listed(items []string) string {
	if more := len(items) - MaxListed; more > 1 {
		items = append(slices.Clone(items[:MaxListed]), fmt.Sprintf("%d more", more))
	}
	return strings.Join(items, ", ")
}

// Clients says who is meant.
func Clients(list []analysis.Clients) string {
	var parts []string
	for _, c := range list {
		s := c.SIDSet.String()
		if len(c.ExceptSIDs) > 0 {
			s += " except " + (analysis.SIDSet{SIDs: c.ExceptSIDs}).String()
		}
		if in := situations(c.Situations); in != "" {
			s += ", " + in
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, "; ")
}

// situations says by what the check found and where from clients are meant; "" is
// always.
func situations(s analysis.Situations) string {
	switch s {
	case analysis.AnySituation:
		return ""
	case analysis.PassedOnly:
		return "check passed"
	case analysis.FailedOnly:
		return "check failed"
	}
	var parts []string
	for _, one := range []struct {
		analysis.Situations
		text string
	}{
		{analysis.PassedROM, "check passed and started from drive Z"}, {analysis.PassedElsewhere, "check passed and not started from drive Z"},
		{analysis.FailedROM, "check failed and started from drive Z"}, {analysis.FailedElsewhere, "check failed and not started from drive Z"},
	} {
		if s&one.Situations != 0 {
			parts = append(parts, one.text)
		}
	}
	if s&analysis.FailedOnly == analysis.FailedOnly {
		parts = append(parts[:len(parts)-2], "check failed")
	}
	if s&analysis.PassedOnly == analysis.PassedOnly {
		parts = append([]string{"check passed"}, parts[2:]...)
	}
	return strings.Join(parts, ", or ")
}

// Destinations says which are meant.
func Destinations(r *analysis.Region) string {
	if r.Decided != nil {
		return fmt.Sprintf("what %d pairs of policies decide (too many to list by pattern)", len(r.Decided))
	}
	s := "any destination"
	if len(r.Match) > 1 || r.Match[0].String() != "*" {
		s = strings.Join(quoted(r.Match), " and also ")
	}
	if len(r.Except) > 0 {
		s += " except " + Listed(quoted(r.Except))
	}
	return s
}

func quoted(patterns []policy.Text) []string {
	var out []string
	for _, p := range patterns {
		out = append(out, fmt.Sprintf("%q", p.String()))
	}
	return out
}

// Outcomes says what becomes of requests.
func Outcomes(list []analysis.Outcome) string {
	var parts []string
	for _, o := range list {
		s := "allows without asking"
		switch analysis.KindOf(o) {
		case analysis.Asks:
			s = "asks: " + o.Options.Words()
		case analysis.Denies:
			s = "denies without asking"
		}
		if !slices.Contains(parts, s) {
			parts = append(parts, s)
		}
	}
	if more := len(parts) - MaxListed; more > 1 {
		parts = append(parts[:MaxListed], fmt.Sprintf("%d more", more))
	}
	return strings.Join(parts, "; or ")
}

// Example describes the request of a change.
func Example(w *analysis.Witness) string {
	check := "check failed"
	if w.Passed {
		check = "check passed"
	}
	if w.FromROM {
		check += ", started from drive Z"
	}
	return fmt.Sprintf("SID 0x%08X, %s, %q", w.SID, check, w.Destination.String())
}
