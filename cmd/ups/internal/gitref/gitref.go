// Package gitref reads git:REF[:PATH], which names files of a commit on the
// command line.
package gitref

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"ups/cmd/ups/internal/console"
	"ups/internal/gitfiles"
)

// Prefix marks what is to be found in a commit.
const Prefix = "git:"

// Cut cuts git:REF:PATH. A colon in braces belongs to the REF, as in git.
func Cut(given string) (ref, path string, named, inGit bool) {
	spec, inGit := strings.CutPrefix(given, Prefix)
	if !inGit {
		return "", "", false, false
	}
	depth := 0
	for i, c := range spec {
		switch {
		case c == '{':
			depth++
		case c == '}':
			depth--
		case c == ':' && depth == 0:
			return spec[:i], spec[i+1:], true, true
		}
	}
	return spec, "", false, true
}

// Open opens a commit. what is what the error is about, such as a flag.
func Open(ctx context.Context, what, ref string) (*gitfiles.Commit, error) {
	commit, err := gitfiles.Open(ctx, ref)
	if err == nil {
		return commit, nil
	}
	hint := ""
	switch {
	case errors.Is(err, gitfiles.ErrNoCommit):
		hint = "write a branch, a tag or a commit of this clone, as in git:main; a shallow clone, as CI makes it, has only what was fetched"
	case errors.Is(err, gitfiles.ErrNoRepository):
		hint = "run ups in the work tree whose commit is meant"
	}
	return nil, console.Hint(fmt.Errorf("%s: %w", what, err), hint)
}

// Complete completes git:REF; all else are files, which the shell knows.
func Complete(cmd *cobra.Command, _ []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if begun != "" && strings.HasPrefix(Prefix, begun) && begun != Prefix {
		return []cobra.Completion{Prefix}, cobra.ShellCompDirectiveNoSpace
	}
	if !strings.HasPrefix(begun, Prefix) {
		return nil, cobra.ShellCompDirectiveDefault
	}
	var refs []cobra.Completion
	for _, ref := range gitfiles.Refs(cmd.Context()) {
		refs = append(refs, Prefix+ref)
	}
	return refs, cobra.ShellCompDirectiveNoFileComp
}
