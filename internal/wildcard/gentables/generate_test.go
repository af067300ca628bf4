package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode"
)

// What the recipe gives with the versions of Go and x/text in use must be
// what is in the tree, and what the device has.

func TestGeneratedFileIsCurrent(t *testing.T) {
	want, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../tables_gen.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("tables_gen.go isn't what gentables makes; run go generate")
	}
}

func TestRecipeGivesTheDevicesFolds(t *testing.T) {
	var got strings.Builder
	rows := 0
	for c := rune(0); c <= unicode.MaxRune; c++ {
		if f := fold(c); len(f) != 1 || f[0] != c {
			rows++
			fmt.Fprintf(&got, "{\"cp\": \"%04X\", \"fold\": [%s]}\n", c, hexList(f))
		}
	}
	const want = "9bf443caf0e722a0a5c2eaaa5311a50412b5b2157031e0092712f9739fbda2be"
	if sum := fmt.Sprintf("%x", sha256.Sum256([]byte(got.String()))); sum != want || rows != 2597 {
		t.Errorf("%d rows with SHA-256 %s, want 2597 with %s", rows, sum, want)
	}
}

func hexList(list []rune) string {
	parts := make([]string, len(list))
	for i, c := range list {
		parts[i] = fmt.Sprintf(`"%04X"`, c)
	}
	return strings.Join(parts, ", ")
}

func TestRecipeGivesTheDevicesClasses(t *testing.T) {
	compare(t, "../testdata/ccc.txt", func(c rune) string {
		if class(c) == 0 {
			return ""
		}
		return fmt.Sprintf(" %d", class(c))
	})
}

func TestRecipeGivesTheDevicesNonBase(t *testing.T) {
	compare(t, "../testdata/nonbase.txt", func(c rune) string {
		if isBase(c) {
			return ""
		}
		return "\n" // a value that adds nothing to the line
	})
}

// compare writes the ranges of code points with an equal value, if it isn't
// empty, as the device's tables are written.
func compare(t *testing.T, name string, value func(rune) string) {
	t.Helper()
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for first := rune(0); first <= unicode.MaxRune; {
		last := first
		for last < unicode.MaxRune && value(last+1) == value(first) {
			last++
		}
		if v := value(first); v != "" {
			fmt.Fprintln(&got, span(first, last)+strings.TrimRight(v, "\n"))
		}
		first = last + 1
	}
	if got.String() != string(want) {
		t.Errorf("the recipe doesn't give %s but\n%s", name, got.String())
	}
}

func span(first, last rune) string {
	if first == last {
		return fmt.Sprintf("%04X", first)
	}
	return fmt.Sprintf("%04X-%04X", first, last)
}
