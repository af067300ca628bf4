package scenario

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"ups/cmd/ups/internal/yamlfile"
	"ups/policy"
)

// unserved returns the errors for requests of services that no policy file of
// the scenario file is for: the client library would answer by the server's
// own check, so that a slip in an id passes for a decision. A step that
// expects policy: none means it.
func (b *builder) unserved(f *File) error {
	served := map[policy.Service]bool{}
	for _, p := range b.made {
		served[p.id] = true
	}
	var errs []error
	for _, sc := range f.scenarios {
		for _, st := range sc.steps {
			q := requestOf(st)
			if q == nil || served[q.service] || sc.meansNone(st) || len(errs) == yamlfile.MaxMistakes {
				continue
			}
			errs = append(errs, &Error{Pos: st.at(), Message: "no policy file is for " + serviceText(q.service), Hint: b.unservedHint()})
		}
	}
	return errors.Join(errs...)
}

func serviceText(id policy.Service) string {
	return fmt.Sprintf("the service 0x%08x of the server 0x%08x", id.Service, id.Server)
}

// requestOf returns the request that a step begins, or nil.
func requestOf(st step) *request {
	switch st := st.(type) {
	case *requestStep:
		return &st.request
	case *startStep:
		return &st.request
	}
	return nil
}

// meansNone reports whether a step, or the one that waits for what it started,
// expects that there is no policy.
func (s *scenario) meansNone(st step) bool {
	switch st := st.(type) {
	case *requestStep:
		return st.expect.want("policy") == "none"
	case *startStep:
		return slices.ContainsFunc(s.steps, func(other step) bool {
			w, is := other.(*waitStep)
			return is && w.name == st.name && w.expect.want("policy") == "none"
		})
	}
	return false
}

// unservedHint lists the services that there are, as far as they fit a line.
func (b *builder) unservedHint() string {
	const most = 5
	var ids []string
	for _, p := range b.made {
		ids = append(ids, fmt.Sprintf("0x%08x/0x%08x", p.id.Server, p.id.Service))
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(ids) > most {
		ids = append(ids[:most], "…")
	}
	meant := "if that is meant, write expect: { policy: none }"
	if len(ids) == 0 {
		return meant
	}
	return "there are policy files for " + strings.Join(ids, ", ") + "; " + meant
}
