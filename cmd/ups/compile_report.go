package main

import (
	"bytes"
	"cmp"
	"context"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/output"
	"ups/compiler"
	"ups/diag"
	"ups/lint/report"
)

// report writes the reports that are asked for. Text that isn't for a file goes
// to standard error: standard output may have the compiled file.
func (f *compileFlags) report(ctx context.Context, con *console.Console, jobs []job, outcomes []outcome) error {
	f.outputs.complete()
	r := &reports{con: con, texts: texts(outcomes), title: "ups compile", rules: compilerRules()}
	for _, j := range jobs {
		r.files = append(r.files, j.source)
	}
	var outputs []output.File
	for _, o := range f.outputs.list {
		if o == (reportOutput{"text", console.Stdio}) {
			if err := showDiagnostics(con, outcomes); err != nil {
				return err
			}
			continue
		}
		var b bytes.Buffer
		if err := f.render(&b, r, o, jobs, outcomes); err != nil {
			return err
		}
		outputs = append(outputs, output.File{Name: o.file, Data: b.Bytes()})
	}
	return output.Write(ctx, con, outputs)
}

// render renders one report. As JSON it has what docs/diagnostics-json.md says,
// and not what lint adds to that.
func (f *compileFlags) render(b *bytes.Buffer, r *reports, o reportOutput, jobs []job, outcomes []outcome) error {
	if o.format == "json" {
		return report.JSON(b, collect(outcomes))
	}
	var findings []report.Finding
	seen := seenDiagnostics{}
	for i, out := range outcomes {
		for _, d := range out.diagnostics {
			if seen.first(d) {
				findings = append(findings, report.Finding{Diagnostic: d, Path: jobs[i].source, Fails: d.Severity == diag.Error})
			}
		}
	}
	return r.render(b, o, findings)
}

// compilerRules are the codes of the compiler as reports have them.
func compilerRules() []report.Rule {
	var rules []report.Rule
	for _, e := range compiler.Explanations() {
		severity := cmp.Or(e.Severity, diag.Error)
		rules = append(rules, report.Rule{ID: e.Code, Name: e.Name, Summary: e.Summary, Help: e.Page(), Severity: severity})
	}
	return rules
}
