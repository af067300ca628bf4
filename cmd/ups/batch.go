package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"syscall"

	"golang.org/x/sync/errgroup"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/output"
	"ups/compiler"
	"ups/diag"
	"ups/grammar"
	"ups/internal/readfile"
)

// waitingForDisk is how many outputs more than -j may be written at the same time:
// disks are quicker to sync many files than each alone.
const waitingForDisk = 32

// batch compiles sources side by side.
type batch struct {
	con     *console.Console
	options func(source string) (grammar.Options, error)
	noCheck bool
	folders bool                                     // make the folders of outputs that aren't there
	verify  func(*compiler.Result) []diag.Diagnostic // what else must hold of a source without errors; may be nil
	also    string                                   // a file that will be written in the end; may be empty
}

// outcome is what became of one job. It doesn't hold on to the tree, so that
// a thousand of them don't fill the memory.
type outcome struct {
	diagnostics []diag.Diagnostic
	failed      bool              // there are errors among the diagnostics
	texts       map[string][]byte // of the files that the diagnostics name
	read        []string          // the files that were read, in order
	err         error             // the work could not be done
}

// run returns the outcomes of the jobs, in their order, of which at most n
// compile at the same time. Nothing is written before all that is read is
// known: with an output that would overwrite an input, none is. Jobs that
// haven't begun when ctx ends don't.
func (b *batch) run(ctx context.Context, jobs []job, n int) ([]outcome, error) {
	if b.con.Getenv("GOGC") == "" {
		defer tuneCollector(len(jobs))()
	}
	outcomes := make([]outcome, len(jobs))
	bar := newProgress(b.con.Stderr, len(jobs))
	if b.con.ShowsProgress() {
		defer bar.start()()
	}
	made := make([][]output.File, len(jobs))
	each(len(jobs), n, func(i int) {
		if ctx.Err() == nil {
			made[i], outcomes[i] = b.do(ctx, jobs[i])
		}
		bar.done.Add(1)
	})
	if err := b.spareInputs(made); err != nil {
		return outcomes, err
	}
	each(len(jobs), n+waitingForDisk, func(i int) {
		if len(made[i]) > 0 && ctx.Err() == nil {
			outcomes[i].err = b.write(ctx, made[i])
		}
	})
	return outcomes, nil
}

// each calls do with the numbers below count, at most n at the same time.
func each(count, n int, do func(i int)) {
	var g errgroup.Group
	g.SetLimit(n)
	for i := range count {
		g.Go(func() error {
			do(i)
			return nil
		})
	}
	g.Wait() // none returns an error
}

// spareInputs refuses the batch if one of its outputs is a file that was read.
func (b *batch) spareInputs(made [][]output.File) error {
	var names []string
	for _, outputs := range made {
		for _, o := range outputs {
			names = append(names, o.Name)
		}
	}
	if b.also != "" {
		names = append(names, b.also)
	}
	return b.con.SpareInputs(names...)
}

// tuneCollector lets garbage pile up while many sources are compiled: each is
// small and gone soon, and to look for it costs a quarter of the time. The
// limit is for sources that aren't small, or hostile.
func tuneCollector(jobs int) (restore func()) {
	limit := debug.SetMemoryLimit(128 << 20)
	percent := 100
	if jobs > 1 {
		percent = 400
	}
	percent = debug.SetGCPercent(percent)
	return func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	}
}

// do compiles one source, and returns what is to be written.
func (b *batch) do(ctx context.Context, j job) (outputs []output.File, o outcome) {
	r, o := b.compile(ctx, j)
	if r == nil || o.failed {
		return nil, o
	}
	if j.output != "" {
		outputs = append(outputs, output.File{Name: j.output, Data: r.Bytes})
	}
	if j.rsg != "" {
		outputs = append(outputs, output.File{Name: j.rsg, Data: r.RSG()})
	}
	return outputs, o
}

// compile compiles one source. Without a result the outcome says why.
func (b *batch) compile(ctx context.Context, j job) (*compiler.Result, outcome) {
	src, err := b.con.Read(ctx, j.source, grammar.MaxSource)
	switch {
	case errors.Is(err, readfile.ErrTooLarge):
		return nil, tooLarge(j)
	case err != nil:
		return nil, outcome{err: err}
	}
	opt, err := b.options(j.name())
	if err != nil {
		return nil, outcome{err: err}
	}
	r := compiler.Compile(j.name(), src, compiler.Options{Options: opt, NoCheck: b.noCheck})
	if b.verify != nil && !r.Failed() {
		r.Diagnostics = append(r.Diagnostics, b.verify(r)...)
	}
	o := newOutcome(r, src)
	b.con.Inputs.Add(o.read...)
	return r, o
}

// write writes what was made of a job.
func (b *batch) write(ctx context.Context, outputs []output.File) error {
	for _, o := range outputs {
		if !b.folders {
			break
		}
		if err := os.MkdirAll(filepath.Dir(o.Name), 0o777); err != nil {
			return err
		}
	}
	return output.Write(ctx, b.con, outputs)
}

// tooLarge is the outcome for a source that isn't even read.
func tooLarge(j job) outcome {
	return outcome{failed: true, diagnostics: []diag.Diagnostic{{
		Code: "source-too-large", Severity: diag.Error, Message: grammar.ErrTooLarge.Error(),
		Span: diag.Span{Start: diag.Pos{Filename: j.name()}},
	}}}
}

// newOutcome keeps what is needed of a result.
func newOutcome(r *compiler.Result, src []byte) outcome {
	worst, _ := diag.Worst(r.Diagnostics)
	o := outcome{diagnostics: r.Diagnostics, failed: r.Failed() || worst == diag.Error}
	for _, s := range r.Tree.Sources {
		if !s.Builtin && s.Name != console.StdinName {
			o.read = append(o.read, s.Name)
		}
	}
	if len(o.diagnostics) > 0 {
		o.texts = textsOf(r, src)
	}
	return o
}

// textsOf gives the text behind each file name in the diagnostics. A name that
// only a line mark gives has the source's own: offsets count in that.
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

// joinOutcomes returns the error that a command ends with: what it could not
// do, and whether sources had errors. What is wrong with a disk as a whole is
// said once, with the number of other sources that it stopped.
func joinOutcomes(err error, outcomes []outcome) error {
	errs := []error{err}
	stopped := map[syscall.Errno]int{}
	for _, o := range outcomes {
		cause := wholeDisk(o.err)
		if cause != 0 {
			stopped[cause]++
		}
		switch {
		case o.err != nil && stopped[cause] <= 1:
			errs = append(errs, o.err)
		case o.failed:
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
