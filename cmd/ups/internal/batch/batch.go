// Package batch compiles many sources, writes what they make and shows what is
// wrong with them.
package batch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/output"
	"ups/cmd/ups/internal/parallel"
	"ups/compiler"
	"ups/diag"
	"ups/grammar"
	"ups/internal/readfile"
)

// waitingForDisk is how many outputs more than -j may be written at the same time:
// disks are quicker to sync many files than each alone.
const waitingForDisk = 32

// Batch compiles sources side by side.
type Batch struct {
	Con     *console.Console
	Options func(source string) (grammar.Options, error)
	NoCheck bool
	Folders bool                                     // make the folders of outputs that aren't there
	Verify  func(*compiler.Result) []diag.Diagnostic // what else must hold of a source without errors; may be nil
	Also    string                                   // a file that will be written in the end; may be empty
}

// Job is one source to compile.
type Job struct {
	Source string // "-" for standard input
	Output string // "-" for standard output, "" for none
	Rsg    string // "" for none
}

// name returns what the compiler calls the source.
func (j Job) name() string {
	if j.Source == console.Stdio {
		return console.StdinName
	}
	return j.Source
}

// Outcome is what became of one job. It doesn't hold on to the tree, so that
// a thousand of them don't fill the memory.
type Outcome struct {
	Diagnostics []diag.Diagnostic
	Failed      bool              // there are errors among the diagnostics
	Texts       map[string][]byte // of the files that the diagnostics name
	Read        []string          // the files that were read, in order
	Err         error             // the work could not be done
}

// Run returns the outcomes of the jobs, in their order, of which at most n
// compile at the same time. Nothing is written before all that is read is
// known: with an output that would overwrite an input, none is. Jobs that
// haven't begun when ctx ends don't.
func (b *Batch) Run(ctx context.Context, jobs []Job, n int) ([]Outcome, error) {
	w := parallel.Begin(b.Con, len(jobs))
	defer w.End()
	outcomes := make([]Outcome, len(jobs))
	made := make([][]output.File, len(jobs))
	w.Each(n, func(i int) {
		if ctx.Err() == nil {
			made[i], outcomes[i] = b.do(ctx, jobs[i])
		}
	})
	if err := b.spareInputs(made); err != nil {
		return outcomes, err
	}
	parallel.Each(len(jobs), n+waitingForDisk, func(i int) {
		if len(made[i]) > 0 && ctx.Err() == nil {
			outcomes[i].Err = b.write(ctx, made[i])
		}
	})
	return outcomes, nil
}

// spareInputs refuses the batch if one of its outputs is a file that was read.
func (b *Batch) spareInputs(made [][]output.File) error {
	var names []string
	for _, outputs := range made {
		for _, o := range outputs {
			names = append(names, o.Name)
		}
	}
	if b.Also != "" {
		names = append(names, b.Also)
	}
	return b.Con.SpareInputs(names...)
}

// do compiles one source, and returns what is to be written.
func (b *Batch) do(ctx context.Context, j Job) (outputs []output.File, o Outcome) {
	r, o := b.Compile(ctx, j)
	if r == nil || o.Failed {
		return nil, o
	}
	if j.Output != "" {
		outputs = append(outputs, output.File{Name: j.Output, Data: r.Bytes})
	}
	if j.Rsg != "" {
		outputs = append(outputs, output.File{Name: j.Rsg, Data: r.RSG()})
	}
	return outputs, o
}

// Compile compiles one source. Without a result the outcome says why.
func (b *Batch) Compile(ctx context.Context, j Job) (*compiler.Result, Outcome) {
	src, err := b.Con.Read(ctx, j.Source, grammar.MaxSource)
	switch {
	case errors.Is(err, readfile.ErrTooLarge):
		return nil, tooLarge(j)
	case err != nil:
		return nil, Outcome{Err: err}
	}
	opt, err := b.Options(j.name())
	if err != nil {
		return nil, Outcome{Err: err}
	}
	r := compiler.Compile(j.name(), src, compiler.Options{Options: opt, NoCheck: b.NoCheck})
	if b.Verify != nil && !r.Failed() {
		r.Diagnostics = append(r.Diagnostics, b.Verify(r)...)
	}
	o := newOutcome(r, src)
	b.Con.Inputs.Add(o.Read...)
	return r, o
}

// write writes what was made of a job.
func (b *Batch) write(ctx context.Context, outputs []output.File) error {
	for _, o := range outputs {
		if !b.Folders {
			break
		}
		if err := os.MkdirAll(filepath.Dir(o.Name), 0o777); err != nil {
			return err
		}
	}
	return output.Write(ctx, b.Con, outputs)
}

// tooLarge is the outcome for a source that isn't even read.
func tooLarge(j Job) Outcome {
	return Outcome{Failed: true, Diagnostics: []diag.Diagnostic{{
		Code: "source-too-large", Severity: diag.Error, Message: grammar.ErrTooLarge.Error(),
		Span: diag.Span{Start: diag.Pos{Filename: j.name()}},
	}}}
}

// newOutcome keeps what is needed of a result.
func newOutcome(r *compiler.Result, src []byte) Outcome {
	worst, _ := diag.Worst(r.Diagnostics)
	o := Outcome{Diagnostics: r.Diagnostics, Failed: r.Failed() || worst == diag.Error}
	for _, s := range r.Tree.Sources {
		if !s.Builtin && s.Name != console.StdinName {
			o.Read = append(o.Read, s.Name)
		}
	}
	if len(o.Diagnostics) > 0 {
		o.Texts = textsOf(r, src)
	}
	return o
}

// textsOf returns the text of each file that the diagnostics name. A name that
// only a line mark has stands for the text of the source: offsets count in that.
func textsOf(r *compiler.Result, src []byte) map[string][]byte {
	texts := map[string][]byte{}
	for _, d := range r.Diagnostics {
		texts[d.Span.Start.Filename] = src
		for _, other := range d.Related {
			texts[other.Span.Start.Filename] = src
		}
	}
	for _, s := range r.Tree.Sources {
		if _, named := texts[s.Name]; named {
			texts[s.Name] = s.Text
		}
	}
	return texts
}

// Join returns the error that a command ends with: what it could not
// do, and whether sources had errors. What is wrong with a disk as a whole is
// said once, with the number of other sources that it stopped.
func Join(err error, outcomes []Outcome) error {
	errs := []error{err}
	stopped := map[syscall.Errno]int{}
	for _, o := range outcomes {
		cause := wholeDisk(o.Err)
		if cause != 0 {
			stopped[cause]++
		}
		switch {
		case o.Err != nil && stopped[cause] <= 1:
			errs = append(errs, o.Err)
		case o.Failed:
			errs = append(errs, console.ErrFound)
		}
	}
	for _, cause := range diskCauses {
		if n := stopped[cause] - 1; n > 0 {
			errs = append(errs, fmt.Errorf("%d more could not be written: %w", n, cause))
		}
	}
	return errors.Join(errs...)
}

// diskCauses are what keeps every file of a disk from being written.
var diskCauses = []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EROFS}

// wholeDisk returns which of diskCauses an error has, or 0.
func wholeDisk(err error) syscall.Errno {
	for _, cause := range diskCauses {
		if errors.Is(err, cause) {
			return cause
		}
	}
	return 0
}
