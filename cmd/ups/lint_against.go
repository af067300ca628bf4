package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"ups/policy"
)

// older gives the older version of a file, nil for one that is new.
func (l *linter) older(ctx context.Context, t target) (*policy.File, error) {
	path, err := l.olderPath(t)
	if err != nil || path == "" {
		return nil, err
	}
	in, err := l.files.input(ctx, target{path: path})
	switch {
	case err != nil:
		return nil, err
	case in.File == nil:
		return nil, fmt.Errorf("%s: can't be compared with, since it has errors: %s", path, in.Diagnostics[0].Message)
	}
	return in.File, nil
}

// olderPath gives where the older version of a file is, "" if there is none.
// In a folder it has the same path below, and may be compiled or not.
func (l *linter) olderPath(t target) (string, error) {
	old := l.flags.against
	info, err := os.Stat(old)
	switch {
	case err != nil:
		return "", err
	case !info.IsDir() && t.below != "":
		return "", usageError("", "--against must be a folder, since %s is one", t.arg)
	case !info.IsDir():
		return old, nil
	}
	below := t.below
	if below == "" {
		below = filepath.Base(t.path)
	}
	stem := strings.TrimSuffix(below, filepath.Ext(below))
	for _, name := range []string{below, stem + ".rss", stem + ".rsc"} {
		path := filepath.Join(old, name)
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			return path, err
		}
	}
	return "", nil
}

// sayFresh says on standard error how many files there was no older version
// of: with a wrong folder that is all, and nothing is compared.
func (l *linter) sayFresh(of int) {
	if n := l.fresh.Load(); n > 0 {
		fmt.Fprintf(l.sys.stderr, "ups: %d of %d files have no older version in %s\n", n, of, l.flags.against)
	}
}
