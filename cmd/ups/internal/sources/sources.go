// Package sources finds policy files, and distinguishes them from other files.
package sources

import (
	"path/filepath"
	"regexp"
	"strings"

	"ups/grammar"
	"ups/internal/readfile"
	"ups/internal/walk"
	"ups/policy"
)

// A folder of a real tree has resource files of other kinds as well, which end
// in .rss too.
var (
	comment          = regexp.MustCompile(`(?s)/\*.*?\*/|//[^\n]*`)
	policiesResource = regexp.MustCompile(`\bRESOURCE\s+POLICIES\b`)
)

// IsPolicySource reports whether a file that was found in a folder is a policy
// source: by its name, or by a POLICIES resource in it.
func IsPolicySource(path string) (bool, error) {
	if _, named := Service(path); named {
		return true, nil
	}
	text, err := readfile.Found(path, grammar.MaxSource)
	return HasPolicies(text), err
}

// HasPolicies reports whether a text has a POLICIES resource.
func HasPolicies(text []byte) bool {
	return policiesResource.Match(comment.ReplaceAll(text, []byte(" ")))
}

// Specials returns an error for each pipe, device or link that leads nowhere
// that is named like a policy file to look at: it stands for one that isn't
// read.
func Specials(tree *walk.Tree, wanted func(path string) bool) []error {
	var errs []error
	for _, path := range tree.Special {
		if _, named := Service(path); !named || !wanted(path) {
			continue
		}
		errs = append(errs, readfile.Unusable(path))
	}
	return errs
}

// Service returns the service that the name of a policy source says. A source
// that is already preprocessed may end in .rpp.
func Service(path string) (s policy.Service, named bool) {
	s, ext, ok := policy.ParseFileName(filepath.Base(path))
	return s, ok && (ext == policy.SourceExt || ext == policy.PreprocessedExt)
}

// IsSource reports whether a file is a source, by the end of its name.
func IsSource(path string) bool { return strings.EqualFold(filepath.Ext(path), ".rss") }
