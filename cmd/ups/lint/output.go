package lint

import (
	"bytes"
	"context"

	"ups/cmd/ups/internal/findings"
	"ups/cmd/ups/internal/output"
	"ups/cmd/ups/internal/reports"
	"ups/cmd/ups/internal/targets"
	"ups/lint"
	"ups/lint/report"
)

// write writes all reports.
func (l *linter) write(ctx context.Context, list []targets.Target, found []lint.Finding) error {
	fs := findings.Reported(found)
	for i, f := range found {
		fs[i].Fails = l.fails(f)
	}
	r := &reports.Reports{Con: l.Con, Texts: map[string][]byte{}, Title: "ups lint", Rules: lintRules()}
	for _, t := range list {
		r.Files = append(r.Files, t.Path)
	}
	var outputs []output.File
	for _, o := range l.flags.outputs.List {
		var b bytes.Buffer
		if err := r.Render(&b, o, fs); err != nil {
			return err
		}
		outputs = append(outputs, output.File{Name: o.File, Data: b.Bytes()})
	}
	return output.Write(ctx, l.Con, outputs)
}

// lintRules are the rules of lint as reports have them.
func lintRules() []report.Rule {
	var rules []report.Rule
	for _, rule := range lint.Rules() {
		rules = append(rules, report.Rule{
			ID: rule.ID, Name: rule.Name, Summary: rule.Summary, Help: rule.Page(), Severity: rule.Category.Severity(),
		})
	}
	return rules
}
