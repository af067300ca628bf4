package main

import (
	"context"
	"errors"
	"slices"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/scenario"
)

// follow runs all files, and again whenever something that they are made of
// changes, until the user has seen enough. The exit status is that of the last
// run.
func (t *tester) follow(ctx context.Context) (err error) {
	var ignored []string
	if t.flags.junit != "" && t.flags.junit != console.Stdio {
		ignored = append(ignored, t.flags.junit)
	}
	w, err := scenario.NewWatcher(ignored...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	for {
		last := t.again(ctx, w)
		if ctx.Err() != nil {
			return last
		}
		status := t.con.Finish(last)
		if err := w.Wait(ctx); err != nil {
			if ctx.Err() != nil {
				return shown(status)
			}
			return err
		}
	}
}

// again runs all files until the folders that they come from are all watched.
func (t *tester) again(ctx context.Context, w *scenario.Watcher) error {
	for {
		t.folders, t.configs = nil, nil
		results, failed := t.all(ctx, func(*scenario.Result) error { return nil })
		files, folders := slices.Concat(t.paths, t.configs), slices.Clone(t.folders)
		for _, r := range results {
			files, folders = append(files, r.Reads...), append(folders, r.Folders...)
		}
		more, err := w.Watch(files, folders)
		switch {
		case err != nil || failed != nil && (ctx.Err() != nil || !more):
			return errors.Join(err, failed)
		case more:
			continue
		}
		for _, r := range results {
			if err := t.write(r); err != nil {
				return err
			}
		}
		return t.conclude(ctx, results)
	}
}

// shown returns an error of that status which has been shown.
func shown(status int) error {
	switch status {
	case console.StatusDone:
		return nil
	case console.StatusErrors:
		return console.ErrFound
	}
	return console.ErrInterrupted
}
