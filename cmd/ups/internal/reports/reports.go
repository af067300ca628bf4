// Package reports writes what was found in files in the formats of --format.
package reports

import (
	"io"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/version"
	"ups/grammar"
	"ups/lint/report"
)

// Reports renders findings.
type Reports struct {
	Con   *console.Console
	Files []string          // all that were looked at
	Texts map[string][]byte // of the files, as far as they were asked for
	Title string            // of what was run, such as "ups lint"
	Rules []report.Rule     // that could have found something
}

// Render writes one report.
func (r *Reports) Render(w io.Writer, o Output, fs []report.Finding) error {
	switch o.Format {
	case "json":
		return report.FindingsJSON(w, fs)
	case "sarif":
		return r.sarif(w, fs)
	case "github":
		return report.GitHub(w, report.Diagnostics(fs))
	case "junit":
		return report.JUnit(w, r.Title, r.Files, fs)
	}
	var stream any // a file is no terminal
	if o.File == console.Stdio {
		stream = r.Con.Stdout
	}
	return report.Text(w, report.Diagnostics(fs), report.Options{Color: r.Con.Colors(stream), Source: r.text})
}

// text returns the text of a source, nil for what can't be had again.
func (r *Reports) text(name string) []byte {
	if text, ok := r.Texts[name]; ok {
		return text
	}
	text, err := grammar.Disk{}.ReadFile(name, grammar.MaxSource)
	if err != nil {
		text = nil
	}
	r.Texts[name] = text
	return text
}

func (r *Reports) sarif(w io.Writer, fs []report.Finding) error {
	info, _ := debug.ReadBuildInfo()
	opt := report.SARIFOptions{Source: r.text, Version: version.Of(info), SemanticVersion: version.Semantic(info)}
	if dir, err := os.Getwd(); err == nil {
		root := url.URL{Scheme: "file", Path: strings.TrimSuffix(filepath.ToSlash(dir), "/") + "/"}
		opt.Root = root.String()
	}
	opt.Rules = r.Rules
	return report.SARIF(w, fs, opt)
}
