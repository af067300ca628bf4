package scenario

import (
	"cmp"
	"maps"
	"slices"

	"ups/diag"
)

// Coverage says which policies were hit: asked about a request that they
// decided. The zero value covers nothing.
type Coverage struct {
	files map[string]*CoveredFile // by origin
}

// CoveredFile is the coverage of one policy file.
type CoveredFile struct {
	Path     string
	Policies []CoveredPolicy // in the order of the file
}

// CoveredPolicy is one policy, and how many requests it decided.
type CoveredPolicy struct {
	Pos  diag.Pos // without a line for a compiled file
	Hits int
}

func newCoverage(made map[string]*policyFile) Coverage {
	c := Coverage{map[string]*CoveredFile{}}
	for _, f := range made {
		if f.file == nil {
			continue
		}
		covered := &CoveredFile{Path: f.origin}
		for i := range f.file.Policies {
			at := f.placeOf(i + 1)
			if !at.IsValid() {
				at = diag.Pos{Filename: f.origin}
			}
			covered.Policies = append(covered.Policies, CoveredPolicy{Pos: at})
		}
		c.files[f.origin] = covered
	}
	return c
}

// hit counts the policy that decided a request, which has ended.
func (r *run) hit(p *pending) {
	if p.policies == nil || !p.outcome.Matched || p.outcome.Policy.Default {
		return
	}
	if covered, i := r.coverage.files[p.policies.origin], p.outcome.Policy.Index; covered != nil && i < len(covered.Policies) {
		covered.Policies[i].Hits++
	}
}

// Merge returns the coverage of several scenario files together.
func Merge(all ...Coverage) Coverage {
	merged := Coverage{map[string]*CoveredFile{}}
	for _, c := range all {
		for path, f := range c.files {
			into := merged.files[path]
			if into == nil {
				into = &CoveredFile{path, slices.Clone(f.Policies)}
				merged.files[path] = into
				continue
			}
			for i := range min(len(f.Policies), len(into.Policies)) {
				into.Policies[i].Hits += f.Policies[i].Hits
			}
		}
	}
	return merged
}

// Files returns the policy files, in the order of their paths.
func (c Coverage) Files() []*CoveredFile {
	return slices.SortedFunc(maps.Values(c.files), func(a, b *CoveredFile) int { return cmp.Compare(a.Path, b.Path) })
}

// Hit returns how many of the policies of a file were hit.
func (f *CoveredFile) Hit() (n int) {
	for _, p := range f.Policies {
		if p.Hits > 0 {
			n++
		}
	}
	return n
}

// Total returns how many policies were hit, and how many there are.
func (c Coverage) Total() (hit, policies int) {
	for _, f := range c.files {
		hit += f.Hit()
		policies += len(f.Policies)
	}
	return hit, policies
}

// Percent returns the part that was hit: 100 if there are no policies.
func (c Coverage) Percent() float64 {
	hit, policies := c.Total()
	if policies == 0 {
		return 100
	}
	return 100 * float64(hit) / float64(policies)
}
