package report

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"ups/diag"
)

func TestExcerpt(t *testing.T) {
	tests := []struct {
		name, src   string
		from, to    int // of the span
		line, marks string
	}{
		{"start", "abc def", 0, 3, "abc def", "^~~"},
		{"middle", "abc def\n", 4, 7, "abc def", "    ^~~"},
		{"second line", "one\ntwo\n", 4, 5, "two", "^"},
		{"empty span", "abc", 1, 1, "abc", " ^"},
		{"end of line", "abc\ndef", 3, 3, "abc", "   ^"},
		{"end of file", "abc", 3, 3, "abc", "   ^"},
		{"empty file", "", 0, 0, "", "^"},
		{"carriage return", "abc\r\nx", 1, 4, "abc", " ^~"},
		{"several lines", "abc\ndef", 1, 6, "abc", " ^~"},
		{"tabs before", "\tx\ty", 3, 4, "    x   y", "        ^"},
		{"tabs in span", "a\tb", 0, 3, "a   b", "^~~~~"},
		{"tab at the end", "ab\t", 2, 3, "ab", "  ^~"},
		{"UTF-8", "é€ x", 6, 7, "é€ x", "   ^"},
		{"CP1252", "\xE9\x80 x", 3, 4, "é€ x", "   ^"},
		{"wide", "漢字x", 3, 7, "漢字x", "  ^~~"},
		{"combining", "e\u0301x", 3, 4, "e\u0301x", " ^"},
		{"middle of a character", "é", 1, 2, "é", "^"},
		{"escape sequence", "\x1b[31mx", 5, 6, `\x1b[31mx`, "        ^"},
		{"NUL", "a\x00b", 1, 2, `a\x00b`, " ^~~~"},
		{"C1 control", "\u009b1m", 2, 3, `\x9b1m`, "    ^"},
		{"bidi override", "a\u202Eb", 4, 5, "a<U+202E>b", "         ^"},
		{"byte order mark", "\uFEFFab", 3, 4, "ab", "^"},
		{"byte order mark in the line", "\uFEFFab", 0, 3, "<U+FEFF>ab", "^~~~~~~~"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			span := spanAt("a.rss", tt.src, tt.from, tt.to)
			if tt.name == "byte order mark" {
				span.Start.Column, span.End.Column = 1, 2
			}
			got, ok := newExcerpt([]byte(tt.src), span)
			if want := (excerpt{tt.line, tt.marks}); !ok || got != want {
				t.Errorf("got %q, %v, want %q", got, ok, want)
			}
		})
	}
}

// TestExcerptRefused has places that aren't in the text: after a line mark,
// say, that names another file.
func TestExcerptRefused(t *testing.T) {
	src := []byte("one\ntwo\n")
	for _, p := range []diag.Pos{
		{},
		{Filename: "a", Offset: 1},
		{Filename: "a", Line: 1, Column: 1, Offset: 2},
		{Filename: "a", Line: 1, Column: 9, Offset: 2},
		{Filename: "a", Line: 3, Column: 2, Offset: 9},
		{Filename: "a", Line: 1, Column: 1, Offset: -1},
	} {
		if e, ok := newExcerpt(src, diag.Span{Start: p, End: p}); ok {
			t.Errorf("%+v: got %q", p, e)
		}
	}
}

func TestLongLines(t *testing.T) {
	long := strings.Repeat("abcdefghij", 1000)
	for _, at := range []int{0, 50, 99, 100, 5000, 9990, 9999} {
		src := long[:at] + "HERE" + long[at:]
		e, ok := newExcerpt([]byte(src), spanAt("a", src, at, at+4))
		if !ok {
			t.Fatalf("at %d: no excerpt", at)
		}
		if n := utf8.RuneCountInString(e.line); n > excerptWidth+2 || n < excerptWidth/2 {
			t.Errorf("at %d: %d columns", at, n)
		}
		under := []rune(e.line)[strings.Index(e.marks, "^"):len(e.marks)]
		if string(under) != "HERE" {
			t.Errorf("at %d: marked %q in\n%s\n%s", at, string(under), e.line, e.marks)
		}
		if cutLeft := strings.HasPrefix(e.line, "…"); cutLeft != (at > 75) {
			t.Errorf("at %d: cut at the left: %v", at, cutLeft)
		}
	}
}

func TestPrintable(t *testing.T) {
	tests := map[string]string{
		"":                       "",
		"plain":                  "plain",
		"é € 漢":                  "é € 漢",
		"a\tb\nc":                `a\tb\nc`,
		"\x1b]0;title\x07":       `\x1b]0;title\x07`,
		"\x7f":                   `\x7f`,
		"\xe9":                   "é",
		"\x81\x8d\x8f\x90\x9d":   `\x81\x8d\x8f\x90\x9d`,
		"zero\u200bwidth":        "zero<U+200B>width",
		"\u2066isolate\u2069":    "<U+2066>isolate<U+2069>",
		"line\u2028separator":    "line<U+2028>separator",
		"\U000E0041tag\u00a0end": "<U+E0041>tag\\xa0end",
	}
	for in, want := range tests {
		if got := Printable(in); got != want {
			t.Errorf("Printable(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestNothingRaw checks for any bytes that no renderer lets one through that
// controls a terminal, and that marks stay within the line that they are for.
func TestNothingRaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src := string(rapid.SliceOf(rapid.OneOf(
			rapid.Byte(), rapid.SampledFrom([]byte("\t\r\n\x1b\x9b[ \xc2\xe2\x80\xae")),
		)).Draw(t, "src"))
		from := rapid.IntRange(0, len(src)).Draw(t, "from")
		to := rapid.IntRange(from, len(src)).Draw(t, "to")
		d := diag.Diagnostic{
			Code: src, Message: src, Hint: src, Span: spanAt("f"+src, src, from, to),
			Chain:   []diag.Frame{{Name: src}},
			Related: []diag.Related{{Message: src}},
		}
		var text, js strings.Builder
		opt := Options{Source: func(string) []byte { return []byte(src) }}
		if Text(&text, []diag.Diagnostic{d}, opt) != nil || JSON(&js, []diag.Diagnostic{d}) != nil {
			t.Fatal("can't be rendered")
		}
		for _, r := range text.String() + js.String() {
			if r != '\n' && !unicode.IsPrint(r) {
				t.Fatalf("%U in %q", r, text.String()+js.String())
			}
		}
		if !strings.Contains(text.String(), "^") {
			t.Fatalf("nothing is marked in %q", text.String())
		}
	})
}

// BenchmarkText writes a thousand errors of one 1 MiB line, each with its
// excerpt.
func BenchmarkText(b *testing.B) {
	src := []byte(strings.Repeat("0x1 + ", 1<<20/6))
	var ds []diag.Diagnostic
	for i := range 1000 {
		p := diag.Pos{Filename: "a", Line: 1, Column: i*1000 + 1, Offset: i * 1000}
		ds = append(ds, diag.Diagnostic{Message: "wrong", Span: diag.Span{Start: p, End: p}})
	}
	opt := Options{Source: func(string) []byte { return src }}
	b.ReportAllocs()
	for b.Loop() {
		var out strings.Builder
		if err := Text(&out, ds, opt); err != nil {
			b.Fatal(err)
		}
	}
}
