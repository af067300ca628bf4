package lint

import (
	"fmt"
	"slices"

	"ups/diag"
)

// cause is what several findings come from. The zero value is of nothing that
// others could have in common with it.
type cause struct {
	key    string // equal for equal causes
	others string // says of other policies, by name, what the finding says of its own
}

// Merge makes one finding of those that a rule has about policies of one list
// for one cause: the first, which names the others. It comes last, after
// fixes, ignores and baselines, which are about policies one by one.
func Merge(findings []Finding) []Finding {
	type key struct {
		path, rule, cause string
		category          Category
	}
	first, out := map[key]int{}, []Finding(nil)
	for _, f := range findings {
		k := key{f.Path, f.Code, f.Cause.key, f.Category}
		i, known := first[k]
		if !known || f.Cause.key == "" {
			first[k] = len(out)
			out = append(out, f)
			continue
		}
		out[i].Also = append(out[i].Also, f.Policy)
		if f.Span.IsValid() && len(out[i].Also) <= shownNames {
			out[i].Related = append(out[i].Related, diag.Related{Span: f.Span, Message: PolicyName(f.Policy) + " too"})
		}
	}
	for i := range out {
		out[i].nameOthers()
	}
	return out
}

// nameOthers adds to the message the policies that the finding is about too.
func (f *Finding) nameOthers() {
	if f.Cause.key == "" || len(f.Also) == 0 {
		return
	}
	slices.Sort(f.Also)
	places := make([]int, len(f.Also))
	for i, n := range f.Also {
		places[i] = n - 1
	}
	f.Message += "; " + fmt.Sprintf(f.Cause.others, policyNames(places))
}
