package wildcard

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"testing"
)

// The answers of the device's own matcher, and the number of them.
const (
	vectorsFile, vectorCount   = "testdata/vectors.jsonl", 6406
	examplesFile, exampleCount = "testdata/examples.tsv", 107
)

type vector struct {
	pattern, text []uint16
	match         bool
}

func TestVectors(t *testing.T) {
	checkVectors(t, readVectors(t), vectorCount)
}

func TestExamples(t *testing.T) {
	checkVectors(t, readExamples(t), exampleCount)
}

func checkVectors(t *testing.T, vectors []vector, count int) {
	t.Helper()
	if len(vectors) != count {
		t.Errorf("%d vectors, want %d", len(vectors), count)
	}
	for _, v := range vectors {
		if got := Match(v.pattern, v.text); got != v.match {
			t.Errorf("Match(%s, %s) = %t", show(v.pattern), show(v.text), got)
		}
	}
}

func readVectors(t testing.TB) (vectors []vector) {
	const before, between, after = `{"pattern": "`, `", "text": "`, `", "match": `
	for _, line := range readLines(t, vectorsFile) {
		head, match, ok1 := cutLast(line, after)
		pattern, text, ok2 := strings.Cut(strings.TrimPrefix(head, before), between)
		if !ok1 || !ok2 || !strings.HasPrefix(head, before) {
			t.Fatalf("not a vector: %s", line)
		}
		vectors = append(vectors, vector{units(t, pattern), units(t, text), parseBool(t, strings.TrimSuffix(match, "}"))})
	}
	return vectors
}

func readExamples(t testing.TB) (vectors []vector) {
	for _, line := range readLines(t, examplesFile) {
		if strings.HasPrefix(line, "# ") {
			continue
		}
		fields := strings.Split(line, "\t")
		if len(fields) != 3 {
			t.Fatalf("not an example: %q", line)
		}
		vectors = append(vectors, vector{units(t, fields[0]), units(t, fields[1]), parseBool(t, fields[2])})
	}
	return vectors
}

func parseBool(t testing.TB, s string) bool {
	t.Helper()
	b, err := strconv.ParseBool(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

func readLines(t testing.TB, name string) (lines []string) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	scanner := bufio.NewScanner(f)
	for scanner.Scan() {
		lines = append(lines, scanner.Text())
	}
	if err := scanner.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}
