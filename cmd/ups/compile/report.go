package compile

import (
	"bytes"
	"cmp"
	"context"

	"ups/cmd/ups/internal/batch"
	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/output"
	"ups/cmd/ups/internal/reports"
	"ups/compiler"
	"ups/diag"
	"ups/lint/report"
)

// report writes the reports that are asked for. Text that isn't for a file goes
// to standard error: standard output may have the compiled file.
func (f *command) report(ctx context.Context, con *console.Console, jobs []batch.Job, outcomes []batch.Outcome) error {
	f.outputs.Complete()
	r := &reports.Reports{Con: con, Texts: batch.Texts(outcomes), Title: "ups compile", Rules: compilerRules()}
	for _, j := range jobs {
		r.Files = append(r.Files, j.Source)
	}
	var outputs []output.File
	for _, o := range f.outputs.List {
		if o.IsText() {
			if err := batch.Show(con, outcomes); err != nil {
				return err
			}
			continue
		}
		var b bytes.Buffer
		if err := f.render(&b, r, o, jobs, outcomes); err != nil {
			return err
		}
		outputs = append(outputs, output.File{Name: o.File, Data: b.Bytes()})
	}
	return output.Write(ctx, con, outputs)
}

// render renders one report. As JSON it has what docs/diagnostics-json.md says,
// and not what lint adds to that.
func (f *command) render(b *bytes.Buffer, r *reports.Reports, o reports.Output, jobs []batch.Job, outcomes []batch.Outcome) error {
	if o.Format == "json" {
		return report.JSON(b, batch.Collect(outcomes))
	}
	var findings []report.Finding
	seen := batch.Seen{}
	for i, out := range outcomes {
		for _, d := range out.Diagnostics {
			if seen.First(d) {
				findings = append(findings, report.Finding{Diagnostic: d, Path: jobs[i].Source, Fails: d.Severity == diag.Error})
			}
		}
	}
	return r.Render(b, o, findings)
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
