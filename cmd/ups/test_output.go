package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"

	"ups/cmd/ups/internal/batch"
	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/output"
	"ups/cmd/ups/scenario"
)

// inOrder hands out results in the order of the files, each when it is ready.
func inOrder(results []*scenario.Result, ready []chan struct{}, done func(*scenario.Result) error) error {
	var failed error
	for i := range ready {
		if <-ready[i]; failed == nil {
			failed = done(results[i])
		}
	}
	return failed
}

// style says how results look.
func (t *tester) style() scenario.Style {
	return scenario.Style{Verbose: t.flags.verbose, Color: t.con.Colors(t.con.Stdout)}
}

// write writes what became of one file for people.
func (t *tester) write(r *scenario.Result) error {
	if t.flags.json {
		return nil
	}
	t.con.Inputs.Add(r.Reads...)
	var b bytes.Buffer
	if err := t.style().Text(&b, r); err != nil {
		return err
	}
	return t.con.Write(b.Bytes())
}

// writeWhole writes what is said of all files together.
func (t *tester) writeWhole(ctx context.Context, results []*scenario.Result, coverage *scenario.Coverage) error {
	for _, r := range results {
		t.con.Inputs.Add(r.Reads...)
	}
	if t.flags.junit != "" {
		var b bytes.Buffer
		if err := scenario.JUnit(&b, results); err != nil {
			return err
		}
		if err := output.Write(ctx, t.con, []output.File{{Name: t.flags.junit, Data: b.Bytes()}}); err != nil {
			return err
		}
	}
	if t.flags.json {
		var b bytes.Buffer
		if err := scenario.JSON(&b, results, coverage); err != nil {
			return err
		}
		return t.con.Write(b.Bytes())
	}
	var b bytes.Buffer
	if coverage != nil {
		if err := t.style().CoverageText(&b, *coverage); err != nil {
			return err
		}
	}
	fmt.Fprintln(&b, scenario.Summary(results))
	return t.con.Write(b.Bytes())
}

// unusable returns the errors of a file that could not be run. That a source has
// errors is shown as ups compile does; all the same the tests could not be run.
func (t *tester) unusable(r *scenario.Result) []error {
	errs := scenario.Errors(r.Err)
	for i, err := range errs {
		if e := (*scenario.Error)(nil); errors.As(err, &e) {
			errs[i] = console.Hint(e, e.Hint)
		}
		if e := (*scenario.SourceError)(nil); errors.As(err, &e) {
			o := batch.Outcome{Diagnostics: e.Diagnostics, Texts: e.Texts}
			errs[i] = cmp.Or(batch.Show(t.con, []batch.Outcome{o}),
				fmt.Errorf("%s: its policies don't compile", r.Path))
		}
	}
	return errs
}
