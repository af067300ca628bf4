package main

import (
	"path/filepath"
	"regexp"
	"strings"

	"ups/cmd/ups/internal/console"
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

// isPolicySource reports whether a file that was found in a folder is a policy
// source: by its name, or by a POLICIES resource in it.
func isPolicySource(path string) (bool, error) {
	if _, named := sourceService(path); named {
		return true, nil
	}
	text, err := readfile.Found(path, grammar.MaxSource)
	return policiesResource.Match(comment.ReplaceAll(text, []byte(" "))), err
}

// specials returns an error for each pipe, device or link that leads nowhere
// that is named like a policy file to look at: it stands for one that isn't
// read.
func specials(tree *walk.Tree, wanted func(path string) bool) []error {
	var errs []error
	for _, path := range tree.Special {
		if _, named := sourceService(path); !named || !wanted(path) {
			continue
		}
		errs = append(errs, readfile.Unusable(path))
	}
	return errs
}

// sourceService returns the service that the name of a policy source says. A
// source that is already preprocessed may end in .rpp.
func sourceService(path string) (s policy.Service, named bool) {
	s, ext, ok := policy.ParseFileName(filepath.Base(path))
	return s, ok && (ext == policy.SourceExt || ext == policy.PreprocessedExt)
}

func isSource(path string) bool { return strings.EqualFold(filepath.Ext(path), ".rss") }

// sayPassedOver says on standard error how many sources of other kinds a folder
// has: one of policies, with a slip in its name, would else not be missed.
func sayPassedOver(con *console.Console, dir string, n int) {
	switch {
	case n == 1:
		con.Note("%s: 1 other .rss file was passed over: neither its name nor a POLICIES resource makes it a policy source", dir)
	case n > 1:
		con.Note("%s: %d other .rss files were passed over: neither their names nor a POLICIES resource make them policy sources", dir, n)
	}
}
