package grammar

import (
	"strings"

	"ups/diag"
)

// checkText reports bytes of a file that editors don't show as they are: a policy
// could be hidden by them, or be lost.
func (p *preprocessor) checkText(r *reading) {
	text := r.source.text
	if i := strings.IndexByte(text, 0); i >= 0 {
		p.nul(r, i)
	}
	if i := loneCR(text); i >= 0 {
		p.loneCR(r, i)
	}
}

// nul reports the first NUL byte of a file. In UTF-16 every second byte is
// one, and nothing else that is said of the file would help.
func (p *preprocessor) nul(r *reading, i int) {
	d := diag.Diagnostic{
		Code:    "nul-byte",
		Message: "a NUL byte in the source",
		Hint:    "save the file as text in one byte per character, or as UTF-8",
	}
	if text := r.source.text; isUTF16(text) {
		i = 0
		d.Message = "the source is in UTF-16"
		p.abandon()
	}
	at := r.base + location(i)
	p.tree.reportToken(Token{start: at, end: at + 1}, d)
}

func isUTF16(text string) bool {
	return strings.HasPrefix(text, "\xFF\xFE") || strings.HasPrefix(text, "\xFE\xFF") ||
		len(text) > 3 && (text[0] == 0) != (text[1] == 0) && (text[0] == 0) == (text[2] == 0) && (text[1] == 0) == (text[3] == 0)
}

// loneCR reports the first CR that isn't before an LF: many editors show a new
// line there, where the language has none (docs/language.md, Preprocessing).
func (p *preprocessor) loneCR(r *reading, i int) {
	d := diag.Diagnostic{
		Code:     "lone-cr",
		Severity: diag.Warning,
		Message:  "a CR alone doesn't end a line, though it may look so",
		Hint:     "lines end in LF or CR LF",
	}
	if strings.IndexByte(r.source.text, '\n') < 0 {
		d.Severity = diag.Error
		d.Message = "the lines of this file end in CR alone"
		p.abandon()
	}
	at := r.base + location(i)
	p.tree.add(Token{start: at, end: at + 1}, d)
}

// loneCR finds the first CR that stands within a line, or returns -1.
func loneCR(text string) int {
	for from := 0; ; {
		n := strings.IndexByte(text[from:], '\r')
		if n < 0 {
			return -1
		}
		at := from + n
		rest := strings.TrimLeft(text[at:], "\r")
		if rest == "" {
			return -1
		}
		if rest[0] != '\n' {
			return at
		}
		from = len(text) - len(rest)
	}
}

// abandon ends all reading: what is left of the source can't be understood.
func (p *preprocessor) abandon() { p.stopped, p.tree.Incomplete = true, true }
