package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/output"
	"ups/grammar"
	"ups/lint"
	"ups/lint/report"
)

// reportOutput is a report that is asked for: FORMAT or FORMAT:FILE.
type reportOutput struct {
	format string
	file   string // "-" for standard output
}

var reportFormats = []string{"text", "json", "sarif", "github", "junit"}

// outputFlag is the flag of reports; each use adds one.
type outputFlag struct{ list []reportOutput }

func (o *outputFlag) Type() string { return "FORMAT[:FILE]" }

func (o *outputFlag) String() string {
	var all []string
	for _, one := range o.list {
		all = append(all, one.format+":"+one.file)
	}
	return strings.Join(all, " ")
}

// Set takes a format, and the file it goes to after a colon.
func (o *outputFlag) Set(s string) error {
	format, file, named := strings.Cut(s, ":")
	if !slices.Contains(reportFormats, format) {
		return fmt.Errorf("want text, json, sarif, github or junit")
	}
	if !named {
		file = console.Stdio
	}
	if file == "" {
		return fmt.Errorf("want the name of a file after the colon")
	}
	o.list = append(o.list, reportOutput{format, file})
	return nil
}

// complete makes it text if no report is asked for.
func (o *outputFlag) complete() {
	if len(o.list) == 0 {
		o.list = []reportOutput{{"text", console.Stdio}}
	}
}

// write writes all reports.
func (l *linter) write(ctx context.Context, targets []target, findings []lint.Finding) error {
	fs := make([]report.Finding, len(findings))
	for i, f := range findings {
		fs[i] = reported(f)
		fs[i].Fails = l.fails(f)
	}
	r := &reports{con: l.con, texts: map[string][]byte{}, title: "ups lint", rules: lintRules()}
	for _, t := range targets {
		r.files = append(r.files, t.path)
	}
	var outputs []output.File
	for _, o := range l.flags.outputs.list {
		var b bytes.Buffer
		if err := r.render(&b, o, fs); err != nil {
			return err
		}
		outputs = append(outputs, output.File{Name: o.file, Data: b.Bytes()})
	}
	return output.Write(ctx, l.con, outputs)
}

// reported gives a finding as reports take it.
func reported(f lint.Finding) report.Finding {
	out := report.Finding{
		Diagnostic: f.Diagnostic, Path: f.Path, Policy: f.Policy, Also: f.Also, Culprits: f.Culprits, Fingerprint: f.Fingerprint,
	}
	if f.Category != 0 {
		out.Category = f.Category.String()
	}
	if w := f.Witness; w != nil {
		out.Witness = &report.Witness{SID: w.SID, Passed: w.Passed, Destination: w.Destination.String()}
	}
	return out
}

// reports renders findings.
type reports struct {
	con   *console.Console
	files []string          // all that were looked at
	texts map[string][]byte // of the files, as far as they were asked for
	title string            // of what was run, such as "ups lint"
	rules []report.Rule     // that could have found something
}

func (r *reports) render(w io.Writer, o reportOutput, fs []report.Finding) error {
	switch o.format {
	case "json":
		return report.FindingsJSON(w, fs)
	case "sarif":
		return r.sarif(w, fs)
	case "github":
		return report.GitHub(w, report.Diagnostics(fs))
	case "junit":
		return report.JUnit(w, r.title, r.files, fs)
	}
	var stream any // a file is no terminal
	if o.file == console.Stdio {
		stream = r.con.Stdout
	}
	return report.Text(w, report.Diagnostics(fs), report.Options{Color: r.con.Colors(stream), Source: r.text})
}

// text gives the text of a source, nil for what can't be had again.
func (r *reports) text(name string) []byte {
	if text, ok := r.texts[name]; ok {
		return text
	}
	text, err := grammar.Disk{}.ReadFile(name, grammar.MaxSource)
	if err != nil {
		text = nil
	}
	r.texts[name] = text
	return text
}

func (r *reports) sarif(w io.Writer, fs []report.Finding) error {
	info, _ := debug.ReadBuildInfo()
	opt := report.SARIFOptions{Source: r.text, Version: versionOf(info), SemanticVersion: semanticVersion(info)}
	if dir, err := os.Getwd(); err == nil {
		root := url.URL{Scheme: "file", Path: strings.TrimSuffix(filepath.ToSlash(dir), "/") + "/"}
		opt.Root = root.String()
	}
	opt.Rules = r.rules
	return report.SARIF(w, fs, opt)
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
