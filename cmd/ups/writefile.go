package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// output is a file to be written whole or not at all; "-" is standard output.
type output struct {
	name string
	data []byte
	// replaces says that the file may be one that was read: to change it is
	// what the user asked for.
	replaces bool
}

// writeOutputs writes files that belong together. Until the data of all of
// them is safe on disk none is replaced, so that after any error, or if the
// process is killed, each file is whole: the new one or the old.
func (s *system) writeOutputs(ctx context.Context, outputs []output) error {
	var drafts []draft
	defer func() {
		for _, d := range drafts {
			d.discard()
		}
	}()
	for _, o := range outputs {
		d, err := s.newDraft(o)
		if err != nil {
			return err
		}
		drafts = append(drafts, d)
	}
	if ctx.Err() != nil {
		return errInterrupted
	}
	for len(drafts) > 0 {
		if err := drafts[0].complete(ctx); err != nil {
			return err
		}
		drafts = drafts[1:]
	}
	return nil
}

// complete publishes, and where that waits gives up when ctx ends.
func (d draft) complete(ctx context.Context) error {
	if !d.waits {
		return d.publish()
	}
	done := make(chan error, 1)
	go func() { done <- d.publish() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return errInterrupted
	}
}

// draft is data that waits to become a file. publish makes it one; discard
// clears it away.
type draft struct {
	publish func() error
	discard func()
	waits   bool // publish may wait for a reader that never comes
}

// newDraft writes the data next to the file that it will replace.
func (s *system) newDraft(o output) (draft, error) {
	fill := func(w io.Writer) error {
		_, err := w.Write(o.data)
		return err
	}
	if o.replaces {
		return s.replaceDraft(o.name, 0o666, fill)
	}
	return s.fillDraft(o.name, 0o666, fill)
}

// fillDraft makes a draft of what fill writes, which may be more than memory
// holds. A new file gets the permissions of mode. What can't be replaced, a
// stream or a device, is written when the draft is published. Over a file that
// was read nothing is written.
func (s *system) fillDraft(name string, mode fs.FileMode, fill func(io.Writer) error) (draft, error) {
	if err := s.spareInputs(name); err != nil {
		return draft{}, err
	}
	return s.replaceDraft(name, mode, fill)
}

// replaceDraft is fillDraft for any file.
func (s *system) replaceDraft(name string, mode fs.FileMode, fill func(io.Writer) error) (draft, error) {
	if name == stdio {
		return draft{publish: func() error { return stream(fill(s.stdout)) }, discard: func() {}, waits: true}, nil
	}
	target := name
	info, err := os.Lstat(target)
	if err == nil && info.Mode().Type() == fs.ModeSymlink {
		target, info, err = follow(target) // replace what a link leads to, not the link
	}
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return draft{}, wrap(name, err)
	case err == nil && info.IsDir():
		return draft{}, fmt.Errorf("%s: is a folder", name)
	case err == nil && !info.Mode().IsRegular(): // a device or a pipe can't be replaced
		return draft{publish: func() error { return overwrite(target, fill) }, discard: func() {}, waits: true}, nil
	}
	temp := filepath.Join(filepath.Dir(target), ".ups-"+rand.Text()+".tmp")
	d := draft{
		publish: func() error { return wrap(name, os.Rename(temp, target)) },
		discard: func() { os.Remove(temp) },
	}
	err = writeSynced(temp, mode, fill)
	if err == nil && info != nil {
		err = os.Chmod(temp, info.Mode().Perm())
	}
	if err != nil {
		d.discard()
	}
	return d, wrap(name, err)
}

// follow gives what a link leads to.
func follow(link string) (target string, info fs.FileInfo, err error) {
	target, err = filepath.EvalSymlinks(link)
	if err != nil {
		return link, nil, err
	}
	info, err = os.Stat(target)
	return target, info, err
}

// writeSynced writes a new file, and returns when it is on disk.
func writeSynced(name string, mode fs.FileMode, fill func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	if err = fill(f); err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// overwrite writes to what is there, such as a device.
func overwrite(name string, fill func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return err
	}
	return errors.Join(fill(f), f.Close())
}

// wrap names the file that an error is about, in place of the temporary file
// and the system call.
func wrap(name string, err error) error {
	path, link := (*fs.PathError)(nil), (*os.LinkError)(nil)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &path):
		err = path.Err
	case errors.As(err, &link):
		err = link.Err
	}
	return fmt.Errorf("%s: %w", name, err)
}
