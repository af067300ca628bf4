package output

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"ups/cmd/ups/internal/console"
)

// Draft is data that waits to become a file. Publish makes it one; Discard
// removes it.
type Draft struct {
	Publish func() error
	Discard func()
	waits   bool // Publish may wait for a reader that never comes
}

// complete publishes; where that may wait, it returns when ctx ends.
func (d Draft) complete(ctx context.Context) error {
	if !d.waits {
		return d.Publish()
	}
	_, err := console.OrInterrupted(ctx, func() (struct{}, error) { return struct{}{}, d.Publish() })
	return err
}

// NewDraft makes a draft of what fill writes, which may be more than memory
// holds. A new file gets the permissions of mode. What can't be replaced, a
// stream or a device, is written when the draft is published. Over a file that
// was read nothing is written.
func NewDraft(con *console.Console, name string, mode fs.FileMode, fill func(io.Writer) error) (Draft, error) {
	if err := con.SpareInputs(name); err != nil {
		return Draft{}, err
	}
	return replaceDraft(con, name, mode, fill)
}

// replaceDraft is NewDraft for any file.
func replaceDraft(con *console.Console, name string, mode fs.FileMode, fill func(io.Writer) error) (Draft, error) {
	if name == console.Stdio {
		return Draft{Publish: func() error { return console.StreamError(fill(con.Out())) }, Discard: func() {}, waits: true}, nil
	}
	target := name
	info, err := os.Lstat(target)
	if err == nil && info.Mode().Type() == fs.ModeSymlink {
		target, info, err = follow(target) // replace what a link leads to, not the link
	}
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return Draft{}, console.Named(name, err)
	case err == nil && info.IsDir():
		return Draft{}, fmt.Errorf("%s: is a folder", name)
	case err == nil && !info.Mode().IsRegular(): // a device or a pipe can't be replaced
		return Draft{Publish: func() error { return overwrite(target, fill) }, Discard: func() {}, waits: true}, nil
	}
	temp := filepath.Join(filepath.Dir(target), ".ups-"+rand.Text()+".tmp")
	d := Draft{
		Publish: func() error { return console.Named(name, os.Rename(temp, target)) },
		Discard: func() { os.Remove(temp) },
	}
	err = writeSynced(temp, mode, fill)
	if err == nil && info != nil {
		err = os.Chmod(temp, info.Mode().Perm())
	}
	if err != nil {
		d.Discard()
	}
	return d, console.Named(name, err)
}

// follow returns what a link leads to.
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
