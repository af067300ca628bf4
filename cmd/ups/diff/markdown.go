package diff

import (
	"bytes"
	"fmt"
	"strings"
	"ups/cmd/ups/internal/changes"
)

// markdown is the report for a comment on a change: a short table, then what there
// is to know.
func (r *result) markdown() []byte {
	var b bytes.Buffer
	b.WriteString("### What changes for requests\n\n")
	total := 0
	for _, f := range r.files {
		total += len(f.Changes)
	}
	if total > 0 {
		b.WriteString("| | file | what | who | to |\n|--:|---|---|---|---|\n")
	}
	n := 0
	for _, f := range r.files {
		for i := range f.Changes {
			c := &f.Changes[i]
			n++
			more := ""
			if k := len(c.Regions) - 1; k > 0 {
				more = fmt.Sprintf(", and %d more", k)
			}
			fmt.Fprintf(&b, "| %d | %s | %s | %s | %s |\n", n, escape(f.title), escape(changes.Title(c)),
				escape(changes.Clients(c.Regions[0].Who)), escape(changes.Destinations(&c.Regions[0])+more))
		}
	}
	for _, f := range r.files {
		if !f.changes() {
			fmt.Fprintf(&b, "\n%s: %s.\n", escape(f.title), proof)
		}
	}
	for _, f := range r.files {
		if f.changes() || f.note() != "" || f.counts != nil {
			f.writeMarkdown(&b)
		}
	}
	return b.Bytes()
}

// writeMarkdown writes the details as they are for a terminal.
func (f *file) writeMarkdown(b *bytes.Buffer) {
	var text bytes.Buffer
	f.writeText(&text)
	fence := "```"
	for strings.Contains(text.String(), fence) {
		fence += "`"
	}
	fmt.Fprintf(b, "\n<details><summary>%s: %s</summary>\n\n%stext\n%s%s\n\n</details>\n", escape(f.title), f.summary(), fence, text.String(), fence)
}

var escapes = strings.NewReplacer("\\", "\\\\", "|", "\\|", "*", "\\*", "_", "\\_", "`", "\\`", "<", "&lt;", ">", "&gt;", "&", "&amp;",
	"[", "\\[", "]", "\\]", "~", "\\~", "#", "\\#", "@", "&#64;", "\n", " ", "\r", " ")

// escape keeps what files say from being taken for Markdown.
func escape(s string) string { return escapes.Replace(s) }
