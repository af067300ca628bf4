// Package output writes the files that a command makes: whole or not at all,
// none twice, and none over a file that was read.
package output

import (
	"cmp"
	"context"
	"io"
	"io/fs"

	"ups/cmd/ups/internal/console"
)

// File is a file to be written whole or not at all; "-" is standard output.
type File struct {
	Name string
	Data []byte
	// Mode is the permissions of a file that isn't there yet; 0 is 0o666.
	Mode fs.FileMode
	// Replaces says that the file may be one that was read: to change it is
	// what the user asked for.
	Replaces bool
}

// Write writes files that belong together. Until the data of all of
// them is safe on disk none is replaced, so that after any error, or if the
// process is killed, each file is whole: the new one or the old.
func Write(ctx context.Context, con *console.Console, outputs []File) error {
	var drafts []Draft
	defer func() {
		for _, d := range drafts {
			d.Discard()
		}
	}()
	for _, o := range outputs {
		d, err := draftOf(con, o)
		if err != nil {
			return err
		}
		drafts = append(drafts, d)
	}
	if ctx.Err() != nil {
		return console.ErrInterrupted
	}
	for len(drafts) > 0 {
		if err := drafts[0].complete(ctx); err != nil {
			return err
		}
		drafts = drafts[1:]
	}
	return nil
}

// draftOf writes the data next to the file that it will replace.
func draftOf(con *console.Console, o File) (Draft, error) {
	fill := func(w io.Writer) error {
		_, err := w.Write(o.Data)
		return err
	}
	mode := cmp.Or(o.Mode, 0o666)
	if o.Replaces {
		return replaceDraft(con, o.Name, mode, fill)
	}
	return NewDraft(con, o.Name, mode, fill)
}
