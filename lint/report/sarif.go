package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"ups/diag"
)

// SARIFOptions are what a SARIF log has beside its findings.
type SARIFOptions struct {
	Version         string // of the tool, in its own words
	SemanticVersion string // of the tool, as semver.org has it
	Root            string // URI of the folder that paths are relative to, with a / at its end; may be empty
	Rules           []Rule // all that could have found something
	// Source returns the text of a file that findings name, or nil. With it
	// columns are given; in the log they count characters.
	Source func(name string) []byte
}

const (
	sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	sarifBase   = "SRCROOT"
	// sarifPrint names the kind of fingerprint; it changes when the way that
	// they are made does.
	sarifPrint = "upsFinding/v1"
)

// SARIF writes findings as a log of SARIF 2.1.0, for code scanning. The error
// is the writer's.
func SARIF(w io.Writer, fs []Finding, opt SARIFOptions) error {
	run := sarifRun{ColumnKind: "unicodeCodePoints"}
	run.Tool.Driver = sarifDriver{Name: "ups", Version: opt.Version, SemanticVersion: opt.SemanticVersion, Rules: each(opt.Rules, newSARIFRule)}
	if opt.Root != "" {
		run.Bases = map[string]sarifArtifact{sarifBase: {URI: opt.Root}}
	}
	run.Results = each(fs, func(f Finding) sarifResult { return newSARIFResult(f, &opt) })
	return writeJSON(w, sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{run}})
}

func newSARIFRule(r Rule) sarifRule {
	return sarifRule{
		ID: r.ID, Name: r.Name, Short: sarifText{Text: r.Name}, Full: sarifText{Text: r.Summary},
		Help:          sarifHelp{Text: r.Help, Markdown: r.Help},
		Configuration: sarifConfiguration{Level: sarifLevel(r.Severity)},
	}
}

func sarifLevel(s diag.Severity) string {
	switch s {
	case diag.Info:
		return "note"
	case diag.Warning:
		return "warning"
	}
	return "error"
}

func newSARIFResult(f Finding, opt *SARIFOptions) sarifResult {
	r := sarifResult{
		RuleID: cmp.Or(f.Code, "diagnostic"), Level: sarifLevel(f.Severity),
		Message:   sarifText{Text: sarifMessage(f)},
		Locations: []sarifLocation{newSARIFLocation(f.Span, f.Policy, opt)},
	}
	if i := slices.IndexFunc(opt.Rules, func(rule Rule) bool { return rule.ID == f.Code }); i >= 0 {
		r.RuleIndex = &i
	}
	if f.Fingerprint != "" {
		r.Prints = map[string]string{sarifPrint: f.Fingerprint}
	}
	for i, other := range f.Related {
		l := newSARIFLocation(other.Span, 0, opt)
		l.ID, l.Message = i+1, &sarifText{Text: escapeMessage(Printable(other.Message))}
		r.Related = append(r.Related, l)
	}
	return r
}

func sarifMessage(f Finding) string {
	text := Printable(f.Message)
	if f.Hint != "" {
		text += "\nHint: " + Printable(f.Hint)
	}
	return escapeMessage(text)
}

// escapeMessage keeps what stands in a message from being a placeholder or a
// link (SARIF 2.1.0, 3.11.5 and 3.11.6).
func escapeMessage(text string) string {
	return strings.NewReplacer("{", "{{", "}", "}}", `\`, `\\`, "[", `\[`, "]", `\]`).Replace(text)
}

// newSARIFLocation returns a place in a file. In a compiled file that is the
// number of the policy.
func newSARIFLocation(s diag.Span, policy int, opt *SARIFOptions) sarifLocation {
	l := sarifLocation{Physical: &sarifPhysical{Artifact: sarifArtifactOf(s.Start.Filename, opt.Root != "")}}
	if s.Start.Filename == "" {
		l.Physical = nil
	} else if s.IsValid() {
		l.Physical.Region = region(s, opt)
	}
	if policy > 0 {
		l.Logical = []sarifLogical{{Name: fmt.Sprintf("policy %d", policy), Kind: "element"}}
	}
	return l
}

// region returns the lines of a span, and the columns where they can be counted.
func region(s diag.Span, opt *SARIFOptions) *sarifRegion {
	r := &sarifRegion{StartLine: s.Start.Line}
	var text []byte
	if opt.Source != nil {
		text = opt.Source(s.Start.Filename)
	}
	from, ok1 := codePoints(text, s.Start)
	to, ok2 := codePoints(text, s.End)
	if s.End.Line < s.Start.Line || s.End.Filename != s.Start.Filename || !ok1 || !ok2 {
		return r
	}
	r.EndLine, r.StartColumn, r.EndColumn = s.End.Line, from, to
	return r
}

// codePoints returns the column of a place in characters, from 1. A line that
// isn't UTF-8 is CP1252: a byte is a character.
func codePoints(text []byte, at diag.Pos) (column int, ok bool) {
	begin := at.Offset - (at.Column - 1)
	if !at.IsValid() || begin < 0 || at.Offset > len(text) || !startsLine(text, begin) {
		return 0, false
	}
	return len(cells(text[begin:at.Offset])) + 1, true
}

func sarifArtifactOf(name string, based bool) sarifArtifact {
	uri := escapeURI(slashed(name))
	switch {
	case strings.HasPrefix(uri, "/"):
		return sarifArtifact{URI: "file://" + uri}
	case based:
		return sarifArtifact{URI: uri, Base: sarifBase}
	}
	return sarifArtifact{URI: uri}
}

// escapeURI writes a path as the path of a URI (RFC 3986, 3.3). A colon is
// escaped too: in the first name it would end a scheme.
func escapeURI(path string) string {
	var b strings.Builder
	for i := range len(path) {
		c := path[i]
		switch {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9', strings.IndexByte("-._~/!$&'()*+,;=@", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
