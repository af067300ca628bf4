package lint

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/loader"
	"ups/cmd/ups/internal/settings"
	"ups/grammar"
	"ups/internal/gitfiles"
	"ups/lint"
	"ups/policy"
)

// older is where the older versions of files are: on disk, or in a commit.
type older struct {
	given  string // as the command line says it
	root   string // a file or folder; "" in a commit where each file has its own place
	files  lint.Files
	loader *loader.Loader
	commit *gitfiles.Commit // nil for the disk
}

// gitPrefix marks what is to be found in a commit.
const gitPrefix = "git:"

// openOlder finds what --against names. A configuration that is named on the
// command line is that of the older versions too.
func openOlder(ctx context.Context, con *console.Console, f *command, given *lint.Config) (*older, error) {
	s := settings.New(con, f.sources)
	s.Given = given
	o := &older{given: f.against, root: f.against, files: grammar.Disk{}, loader: loader.New(s)}
	spec, inGit := strings.CutPrefix(f.against, gitPrefix)
	if !inGit {
		return o, nil
	}
	ref, within, named := cutRef(spec)
	commit, err := gitfiles.Open(ctx, ref)
	if err != nil {
		return nil, gitError(err)
	}
	s.Files, o.files, o.commit, o.root = commit, commit, commit, ""
	o.loader.Read = func(_ context.Context, name string, limit int64) ([]byte, error) { return commit.ReadFile(name, limit) }
	if named {
		o.root, err = o.named(within)
	}
	if err != nil {
		commit.Close()
		return nil, err
	}
	return o, nil
}

// named returns the file or folder that PATH stands for, which must be there.
func (o *older) named(within string) (string, error) {
	root := o.commit.Path(within)
	if !o.commit.Contains(root) {
		return "", console.UsageError("", "--against %s: %s is outside of this repository", o.given, within)
	}
	_, err := o.files.IsDir(root)
	return root, err
}

// cutRef cuts REF:PATH. A colon in braces belongs to the REF, as in git.
func cutRef(spec string) (ref, path string, named bool) {
	depth := 0
	for i, c := range spec {
		switch {
		case c == '{':
			depth++
		case c == '}':
			depth--
		case c == ':' && depth == 0:
			return spec[:i], spec[i+1:], true
		}
	}
	return spec, "", false
}

// gitError says what to do about a commit that can't be had.
func gitError(err error) error {
	hint := ""
	switch {
	case errors.Is(err, gitfiles.ErrNoCommit):
		hint = "write a branch, a tag or a commit of this clone, as in git:main; a shallow clone, as CI makes it, has only what was fetched"
	case errors.Is(err, gitfiles.ErrNoRepository):
		hint = "run ups in the work tree whose commit is meant"
	}
	return console.Hint(fmt.Errorf("--against: %w", err), hint)
}

func (o *older) close() {
	if o.commit != nil {
		o.commit.Close()
	}
}

// version returns the older version of a file, nil for one that is new.
func (o *older) version(ctx context.Context, t target) (*policy.File, error) {
	path, err := o.path(t)
	if err != nil || path == "" {
		return nil, err
	}
	in, err := o.loader.Input(ctx, path, path)
	switch {
	case err != nil:
		return nil, err
	case in.File == nil:
		return nil, fmt.Errorf("%s: can't be compared with, since it has errors: %s", o.name(path), in.Diagnostics[0].Message)
	}
	return in.File, nil
}

// name is how a person would find an older version.
func (o *older) name(path string) string {
	if o.commit == nil {
		return path
	}
	return o.commit.Name(path)
}

// path returns where the older version of a file is, "" if there is none.
func (o *older) path(t target) (string, error) {
	if o.root == "" {
		return o.inItsPlace(t)
	}
	dir, err := o.files.IsDir(o.root)
	switch {
	case err != nil:
		return "", err
	case !dir && t.below != "":
		return "", console.UsageError("", "--against must be a folder, since %s is one", t.arg)
	case !dir:
		return o.root, nil
	}
	below := t.below
	if below == "" {
		below = filepath.Base(t.path)
	}
	return o.first(filepath.Join(o.root, below))
}

// inItsPlace returns the older version of a file in the place that it has.
func (o *older) inItsPlace(t target) (string, error) {
	switch {
	case t.arg == console.Stdio:
		return "", console.UsageError("write git:REF:PATH", "--against %s: standard input has no place in a commit", o.given)
	case !o.commit.Contains(t.path):
		return "", console.UsageError("write git:REF:PATH, or run ups in the repository of the file",
			"--against %s: %s is outside of this repository", o.given, t.path)
	}
	return o.first(t.path)
}

// first returns a file that may be compiled or not; "" if there is none.
func (o *older) first(path string) (string, error) {
	stem := strings.TrimSuffix(path, filepath.Ext(path))
	for _, name := range []string{path, stem + ".rss", stem + ".rsc"} {
		if _, err := o.files.IsDir(name); !errors.Is(err, fs.ErrNotExist) {
			return name, err
		}
	}
	return "", nil
}

// sayFresh says on standard error how many files there was no older version
// of: with a wrong folder that is all, and nothing is compared.
func (l *linter) sayFresh(of int) {
	if n := l.fresh.Load(); n > 0 {
		l.Con.Note("%d of %d files have no older version in %s", n, of, l.flags.against)
	}
}

// completeOlder completes git:REF; all else are files, which the shell knows.
func completeOlder(cmd *cobra.Command, _ []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if begun != "" && strings.HasPrefix(gitPrefix, begun) && begun != gitPrefix {
		return []cobra.Completion{gitPrefix}, cobra.ShellCompDirectiveNoSpace
	}
	if !strings.HasPrefix(begun, gitPrefix) {
		return nil, cobra.ShellCompDirectiveDefault
	}
	var refs []cobra.Completion
	for _, ref := range gitfiles.Refs(cmd.Context()) {
		refs = append(refs, gitPrefix+ref)
	}
	return refs, cobra.ShellCompDirectiveNoFileComp
}
