package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// FindingsJSON writes findings for programs: what JSON writes, with more
// members in each diagnostic (docs/lint-json.md). The error is the writer's.
func FindingsJSON(w io.Writer, fs []Finding) error {
	return writeJSON(w, findingsDocument{
		Version: SchemaVersion, Summary: Count(Diagnostics(fs)), Diagnostics: each(fs, newFinding),
	})
}

type findingsDocument struct {
	Version     int       `json:"version"`
	Summary     Counts    `json:"summary"`
	Diagnostics []finding `json:"diagnostics"`
}

type finding struct {
	diagnostic
	Category    string   `json:"category"`
	Policy      int      `json:"policy"`
	Also        []int    `json:"also"`
	Culprits    []int    `json:"culprits"`
	Witness     *witness `json:"witness"`
	Fingerprint string   `json:"fingerprint"`
}

type witness struct {
	SID         string `json:"sid"`
	Passed      bool   `json:"passed"`
	Destination string `json:"destination"`
}

func newFinding(f Finding) finding {
	out := finding{
		diagnostic: newDiagnostic(f.Diagnostic), Policy: f.Policy, Fingerprint: f.Fingerprint,
		Category: f.Category, Also: each(f.Also, same), Culprits: each(f.Culprits, same),
	}
	if w := f.Witness; w != nil {
		out.Witness = &witness{fmt.Sprintf("0x%08x", w.SID), w.Passed, w.Destination}
	}
	return out
}

func same(n int) int { return n }

// writeJSON writes a document so that a terminal can show it.
func writeJSON(w io.Writer, doc any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return err
	}
	_, err := w.Write(EscapeJSON(b.Bytes()))
	return err
}
