package printable

import (
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestPrintable(t *testing.T) {
	for s, want := range map[string]string{
		"":                         `""`,
		"+44 1234":                 `"+44 1234"`,
		"Zoë, 東京, שלום":            `"Zoë, 東京, שלום"`,
		"\x1b[2J\x1b]0;t\a":        `"\u{1b}[2J\u{1b}]0;t\u{7}"`,
		"a\r\n  [y] yes":           `"a\u{d}\u{a}  [y] yes"`,
		"\u202etxt.exe\u2066":      `"\u{202e}txt.exe\u{2066}"`,
		"\u009b31m":                `"\u{9b}31m"`,
		"\xff\xc3":                 `"\xff\xc3"`,
		`say "hi" \x`:              `"say \"hi\" \\x"`,
		"e\u0301\u0302\u0303":      "\"e\u0301\u0302\\u{303}\"",
		"\u0301x":                  `"\u{301}x"`,
		"\u00a0\u2028\ufeff\ue000": `"\u{a0}\u{2028}\u{feff}\u{e000}"`,
	} {
		if got := Text(s); got != want {
			t.Errorf("%+q: %s, want %s", s, got, want)
		}
		if got := Whole(s); got != want {
			t.Errorf("%+q, whole: %s, want %s", s, got, want)
		}
	}
}

func TestLongTextIsCutInTheMiddle(t *testing.T) {
	s := strings.Repeat("a", 200) + strings.Repeat("b", 100)
	want := `"` + strings.Repeat("a", 140) + `" (120 characters are not shown) "` + strings.Repeat("b", 40) + `"`
	if got := Text(s); got != want {
		t.Errorf("%s", got)
	}
	if got := Whole(s); got != `"`+s+`"` {
		t.Errorf("whole: %s", got)
	}
	if s := strings.Repeat("é", 180); Text(s) != `"`+s+`"` {
		t.Error("180 characters are cut")
	}
}

// A text that is all numbers or wide characters gets no more lines than others.
func TestLongTextIsCutByItsWidth(t *testing.T) {
	for _, c := range []struct {
		text        string
		first, last int // characters that are shown
	}{{"\u200b", 17, 5}, {"\U0010fffd", 14, 4}, {"\xff", 35, 10}, {"東", 70, 20}} {
		shown := strings.Trim(Text(c.text), `"`)
		want := `"` + strings.Repeat(shown, c.first) + `" (` + strconv.Itoa(400-c.first-c.last) +
			` characters are not shown) "` + strings.Repeat(shown, c.last) + `"`
		if got := Text(strings.Repeat(c.text, 400)); got != want {
			t.Errorf("%+q: %s", c.text, got)
		}
	}
}

func FuzzPrintable(f *testing.F) {
	for _, s := range printableSeeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Text(s)
		if !utf8.ValidString(got) || strings.ContainsFunc(got, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("%q: %q", s, got)
		}
		if n := utf8.RuneCountInString(got); n > shownFirst+shownLast+60 {
			t.Errorf("%d characters", n)
		}
	})
}

var printableSeeds = []string{"", "\x1b[2J", "\u202e", "\xff", strings.Repeat("\u0301", 300), `"\`}

func TestFuzzSeeds(t *testing.T) {
	if len(printableSeeds) != 6 {
		t.Errorf("%d seeds", len(printableSeeds))
	}
}
