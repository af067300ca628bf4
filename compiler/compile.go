// Package compiler turns policy sources into the model, and the model into
// the bytes that a device reads and back into a source.
package compiler

import (
	"errors"
	"fmt"
	"slices"

	"ups/diag"
	"ups/grammar"
	"ups/internal/rsc"
	"ups/policy"
)

// Options says how a source is compiled. The zero value is ready for use.
type Options struct {
	grammar.Options
	// NoCheck writes what the device would refuse, for those who need broken
	// files to test with. Mistakes in the source are refused all the same.
	NoCheck bool
}

// Result is what became of a source.
type Result struct {
	File        *policy.File // nil if the source has errors, other than that it is too big
	Bytes       []byte       // the compiled file; nil if there are errors
	Resources   []Resource   // what the .rsg header lists
	Tree        *grammar.Tree
	Diagnostics []diag.Diagnostic // errors and warnings, sorted
}

// Failed reports whether the source was refused.
func (r *Result) Failed() bool {
	worst, _ := diag.Worst(r.Diagnostics)
	return worst == diag.Error
}

// Compile compiles a source; name is what diagnostics call it.
func Compile(name string, src []byte, opt Options) *Result {
	if rsc.IsCompiled(src) {
		return compiledAlready(name)
	}
	r := &Result{Tree: grammar.Parse(name, src, opt.Options)}
	f, resources, found := Build(r.Tree)
	var all diag.List
	all.AddAll(&r.Tree.Diagnostics)
	all.AddAll(found)
	refused := &diag.List{}
	if !all.Failed() && !opt.NoCheck {
		refused = Check(f)
	}
	all.AddAll(refused)
	r.Diagnostics = withoutDoubt(all.All(), refused.All())
	if !r.Failed() {
		r.encode(f, resources)
	}
	diag.Sort(r.Diagnostics)
	return r
}

// withoutDoubt leaves out a warning about a constant of another field where the
// value is one that the device refuses: one diagnostic is enough.
func withoutDoubt(all, refused []diag.Diagnostic) []diag.Diagnostic {
	return slices.DeleteFunc(all, func(w diag.Diagnostic) bool {
		return w.Code == "enum-foreign" && slices.ContainsFunc(refused, func(d diag.Diagnostic) bool { return d.Span.Contains(w.Span) })
	})
}

// compiledAlready is the result for a compiled file in the place of a source.
func compiledAlready(name string) *Result {
	r := &Result{Tree: &grammar.Tree{Name: name}}
	r.Diagnostics = []diag.Diagnostic{{
		Code: "compiled-file", Severity: diag.Error,
		Span:    diag.Span{Start: diag.Pos{Filename: name}},
		Message: "this is a compiled policy file, and a source is wanted",
		Hint:    "ups dump shows it as a source",
	}}
	return r
}

func (r *Result) encode(f *policy.File, resources []Resource) {
	r.File = f
	b, err := rsc.Encode(f)
	if err != nil {
		r.Diagnostics = append(r.Diagnostics, tooBig(f, err))
		return
	}
	r.Bytes, r.Resources = b, resources
}

// tooBig reports what makes a file too big for its compiled form.
func tooBig(f *policy.File, err error) diag.Diagnostic {
	d := diag.Diagnostic{
		Code:     "file-too-big",
		Severity: diag.Error,
		Message:  err.Error(),
		Hint:     "put SIDs of like policies into one sid_list, and like destinations under one wildcard",
	}
	var size *rsc.TooBigError
	if errors.As(err, &size) {
		d.Message = fmt.Sprintf("a compiled policy file is at most 65,535 bytes%s, and this is %d too many", form(size), size.Over)
	}
	return d.At(f.Places.Whole)
}

// form says in which of its two forms a file is too big.
func form(size *rsc.TooBigError) string {
	if size.Expanded {
		return " when its strings are uncompressed"
	}
	return ""
}
