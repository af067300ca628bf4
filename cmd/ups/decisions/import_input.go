package decisions

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"ups/cmd/ups/internal/console"
	"ups/runtime/decision"
)

// input is the lines to import. They are read twice: all are checked before
// the database is opened, and they are stored without being kept in memory.
type input struct {
	name      string // for messages
	file      *os.File
	temporary bool
	records   int // that were read last
}

// open checks the lines of a file. Those of what can't be read twice, as
// standard input or a pipe, it copies into a temporary file.
func (i *importer) open(ctx context.Context, name string) (*input, error) {
	from, err := i.con.Open(ctx, name)
	if err != nil {
		return nil, err
	}
	in := &input{name: name}
	if name == console.Stdio {
		in.name = console.StdinName
	}
	if f, ok := from.(*os.File); ok && isRegular(f) {
		in.file = f
		err = in.check(ctx, f)
	} else {
		err = in.copy(ctx, from)
	}
	if err != nil {
		in.close()
		return nil, err
	}
	return in, nil
}

func isRegular(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode().IsRegular()
}

func (in *input) copy(ctx context.Context, from io.ReadCloser) (err error) {
	defer from.Close()
	r := console.Interruptible(ctx, from)
	defer r.Close()
	if in.file, err = os.CreateTemp("", "ups-import-*.jsonl"); err != nil {
		return err
	}
	in.temporary = true
	return in.check(ctx, io.TeeReader(r, in.file))
}

// check returns an error for each line that is wrong, up to the tenth.
func (in *input) check(ctx context.Context, r io.Reader) error {
	var wrong []error
	for _, err := range decision.Lines(r) {
		if err != nil {
			wrong = append(wrong, in.explain(err))
			continue
		}
		if ctx.Err() != nil {
			return console.ErrInterrupted
		}
		in.records++
	}
	return errors.Join(wrong...)
}

// lines reads the lines once more.
func (in *input) lines() iter.Seq2[decision.Record, error] {
	return func(yield func(decision.Record, error) bool) {
		in.records = 0
		if _, err := in.file.Seek(0, io.SeekStart); err != nil {
			yield(decision.Record{}, err)
			return
		}
		for rec, err := range decision.Lines(in.file) {
			if !yield(rec, in.explain(err)) {
				return
			}
			in.records++
		}
	}
}

// explain adds the name of the file to an error.
func (in *input) explain(err error) error {
	var line *decision.LineError
	switch {
	case err == nil || errors.Is(err, console.ErrInterrupted):
		return err
	case errors.As(err, &line):
		return console.Input(fmt.Errorf("%s:%d: %w", in.name, line.Line, line.Err))
	}
	return console.Named(in.name, err)
}

func (in *input) close() {
	if in.file == nil {
		return
	}
	in.file.Close()
	if in.temporary {
		os.Remove(in.file.Name())
	}
}
