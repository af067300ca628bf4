package wildcard

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestInvalidUTF8IsRefused(t *testing.T) {
	for _, s := range []string{"\xff", "a\xc3", "\xed\xa0\x80", "\xc0\xaa", "\xf4\x90\x80\x80"} {
		if _, err := AppendUTF16(nil, s); !errors.Is(err, ErrInvalidUTF8) {
			t.Errorf("%q: %v", s, err)
		}
	}
	_, err := AppendUTF16(nil, "ab\xff")
	if err == nil || err.Error() != "invalid UTF-8 at byte 2" {
		t.Errorf("error is %v", err)
	}
}

func TestAppendUTF16(t *testing.T) {
	got, err := AppendUTF16([]uint16{'x'}, "a\u00E9\uFFFD\U00010400")
	if want := units(t, `xa\u00E9\uFFFD\U00010400`); err != nil || !slices.Equal(got, want) {
		t.Errorf("got %s, %v", show(got), err)
	}
}

func TestLongText(t *testing.T) {
	text := strings.Repeat("ab", 10*usualText)
	for pattern, want := range map[string]bool{"*b": true, "a*a": false, "*" + text: true, "*ba*ab*b": true} {
		if got := Match(units(t, pattern), units(t, text)); got != want {
			t.Errorf("%.20s: %t", pattern, got)
		}
	}
}
