package diff

import (
	"fmt"
	"slices"
	"strings"

	"ups/cmd/ups/internal/changes"
	"ups/lint/analysis"
	"ups/policy"
)

// deciders names what decides in one version, with its place in the source.
func deciders(v *version, list []int) string {
	list = slices.Compact(slices.Sorted(slices.Values(list)))
	var policies, others []string
	for _, d := range list {
		switch {
		case d >= 0:
			policies = append(policies, place(v, d, len(list) == 1))
		case d == analysis.ByDefault:
			others = append(others, "the default policy")
		case v == nil:
			others = append(others, "no policy file: the server's check")
		default:
			others = append(others, "the service isn't asked: the server's check")
		}
	}
	if len(policies) == 1 {
		others = append([]string{"policy " + policies[0]}, others...)
	} else if len(policies) > 1 {
		others = append([]string{"policies " + changes.Listed(policies)}, others...)
	}
	return strings.Join(others, ", ")
}

func place(v *version, i int, long bool) string {
	s := fmt.Sprint(i + 1)
	if at := v.file.Policies[i].Places.Whole.Span; long && at.IsValid() {
		s += fmt.Sprintf(" (%s:%d)", at.Start.Filename, at.Start.Line)
	}
	return s
}

func olds(list []analysis.Deciders) (out []int) {
	for _, d := range list {
		out = append(out, d.Old)
	}
	return out
}

func news(list []analysis.Deciders) (out []int) {
	for _, d := range list {
		out = append(out, d.New)
	}
	return out
}

// stored says what becomes of stored answers; "" if nothing does.
func (f *file) stored() string {
	switch {
	case f.old == nil:
		return ""
	case f.new == nil:
		return "all stored answers are deleted: there is no policy file any more"
	}
	before, after := f.old.file.HeaderOrZero().MajorVersion, f.new.file.HeaderOrZero().MajorVersion
	if before != after {
		return fmt.Sprintf("all stored answers are deleted: majorversion was %d and is %d", before, after)
	}
	some := func(is func(analysis.Effect) bool) bool {
		return slices.ContainsFunc(f.Changes, func(c analysis.Change) bool { return is(c.Effect) })
	}
	kept := fmt.Sprintf("stored answers stay, since majorversion is still %d", after)
	switch {
	case some(func(e analysis.Effect) bool { return e.EvaluatorChanged }):
		return kept + ", but those of another evaluator are not looked up any more"
	case some(func(e analysis.Effect) bool { return e.Before == analysis.Asks && e.After != analysis.Asks }):
		return kept + ", but are not looked up where the user isn't asked any more"
	case some(func(e analysis.Effect) bool { return e.Removed&(policy.Always|policy.Never) != 0 }):
		return kept + ", and still hold, those with an answer that is no longer offered too"
	}
	return ""
}

// deletesStored reports whether all stored answers of the service are deleted.
func (f *file) deletesStored() bool {
	return f.old != nil && (f.new == nil || f.old.file.HeaderOrZero().MajorVersion != f.new.file.HeaderOrZero().MajorVersion)
}
