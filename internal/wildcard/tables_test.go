package wildcard

import (
	"crypto/sha256"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

const foldTable = "testdata/fold_table.jsonl"

// deviceTables are the tables of the device, read from testdata. They don't
// depend on tables_gen.go.
type deviceTables struct {
	folds   map[rune][]rune
	classes map[rune]uint8
	nonBase map[rune]bool
}

func readTables(t testing.TB) deviceTables {
	t.Helper()
	d := deviceTables{map[rune][]rune{}, map[rune]uint8{}, map[rune]bool{}}
	for _, line := range readLines(t, foldTable) {
		cp, list, ok := strings.Cut(strings.TrimPrefix(line, `{"cp": "`), `", "fold": [`)
		if !ok {
			t.Fatalf("not a fold: %s", line)
		}
		for _, f := range strings.Split(strings.TrimSuffix(list, "]}"), ", ") {
			d.folds[hex(t, cp)] = append(d.folds[hex(t, cp)], hex(t, strings.Trim(f, `"`)))
		}
	}
	readRanges(t, "testdata/ccc.txt", func(c rune, value string) {
		class, err := strconv.ParseUint(value, 10, 8)
		if err != nil {
			t.Fatal(err)
		}
		d.classes[c] = uint8(class)
	})
	readRanges(t, "testdata/nonbase.txt", func(c rune, _ string) { d.nonBase[c] = true })
	return d
}

// readRanges calls add for each code point of lines like `0300-0314 230`.
func readRanges(t testing.TB, name string, add func(c rune, value string)) {
	t.Helper()
	for _, line := range readLines(t, name) {
		span, value, _ := strings.Cut(line, " ")
		first, last, ok := strings.Cut(span, "-")
		if !ok {
			last = first
		}
		for c := hex(t, first); c <= hex(t, last); c++ {
			add(c, value)
		}
	}
}

func hex(t testing.TB, s string) rune {
	t.Helper()
	n, err := strconv.ParseUint(s, 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	return rune(n)
}

func TestFoldTableIsTheDevices(t *testing.T) {
	const want = "9bf443caf0e722a0a5c2eaaa5311a50412b5b2157031e0092712f9739fbda2be"
	data, err := os.ReadFile(foldTable)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprintf("%x", sha256.Sum256(data)); got != want {
		t.Errorf("SHA-256 of %s is %s, want %s", foldTable, got, want)
	}
}

func TestTablesAreTheDevices(t *testing.T) {
	d := readTables(t)
	if len(d.folds) != 2597 || len(d.classes) != 418 || len(d.nonBase) != 1065 {
		t.Errorf("%d folds, %d classes, %d non-base; want 2597, 418, 1065", len(d.folds), len(d.classes), len(d.nonBase))
	}
	for c := rune(0); c <= unicode.MaxRune; c++ {
		p := properties(c)
		if !slices.Equal(p.folded(), d.folds[c]) || p.class != d.classes[c] || p.nonBase != d.nonBase[c] {
			t.Errorf("%U: folds to %U, class %d, non-base %t", c, p.folded(), p.class, p.nonBase)
		}
	}
}

// What the fast path and the letters take for granted of the tables.
func TestTablesAreFitForGraphemes(t *testing.T) {
	for c := rune(0); c <= 0xFFFF; c++ {
		if c < firstMark && !isBase(c) || c < firstOutsideASCII && len(appendElements(nil, c)) != 1 {
			t.Errorf("%U isn't plain", c)
		}
		if element(c) == mark0345 { // never regular
			continue
		}
		elements := appendElements(nil, c)
		if len(elements) > maxElements {
			t.Errorf("%U has %d elements", c, len(elements))
		}
		class := uint8(0)
		for i, e := range elements {
			f := rune(e)
			begins := i == 0 && isBase(c)
			if isBase(f) != begins || begins && properties(f).class != 0 || !inOrder(class, properties(f).class) {
				t.Errorf("%U: %U at %d can't stand there in a grapheme", c, f, i)
			}
			class = properties(f).class
		}
	}
}
