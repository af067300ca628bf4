package runtime

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"ups/internal/rsc"
	"ups/policy"
)

// The limit counts UTF-16 units, whatever their length in UTF-8 is, and what is
// over it is refused, not shortened.
func TestDestinationsHaveALimit(t *testing.T) {
	l := mustList(t, []policy.Policy{forAll("*")})
	for _, letter := range []string{"a", "\u00E9", "\u65E5", "\U0001F600"} {
		units := len(utf16.Encode([]rune(letter)))
		fits := strings.Repeat(letter, DefaultMaxDestination/units)
		checkFits(t, l, fits, true)
		checkFits(t, l, fits+"a", false)
		checkFits(t, l, strings.Repeat(letter, 1<<20), false)
	}
}

func checkFits(t *testing.T, l *List, s string, want bool) {
	t.Helper()
	i, err := l.Decide(1, true, s)
	j, err16 := l.DecideUTF16(1, true, policy.NewText(s))
	if want && (i != 0 || j != 0 || err != nil || err16 != nil) {
		t.Errorf("%d bytes: policies %d, %d, errors %v, %v", len(s), i, j, err, err16)
	}
	if !want && (i != -1 || j != -1 || !errors.Is(err, ErrDestinationTooLong) || !errors.Is(err16, ErrDestinationTooLong)) {
		t.Errorf("%d bytes: policies %d, %d, errors %v, %v, want it to be too long", len(s), i, j, err, err16)
	}
}

func TestStoreSetsTheLimit(t *testing.T) {
	folder := t.TempDir()
	data, err := rsc.Encode(fileOf([]policy.Policy{forAll("*")}))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, fileName(1, 2)), data, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Open(folder, "", StoreOptions{MaxDestination: 5})
	if err != nil {
		t.Fatal(err)
	}
	l, err := s.List(1, 2)
	if err != nil {
		t.Fatal(err)
	}
	checkFits(t, l, "12345", true)
	checkFits(t, l, "123456", false)
	if err := s.Reload(); err != nil {
		t.Fatal(err)
	}
	if l, err = s.List(1, 2); err != nil {
		t.Fatal(err)
	}
	checkFits(t, l, "123456", false)
}
