package report

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"

	"ups/cmd/ups/internal/console"
)

// maxCoverage is the size of the largest file of --coverage, in bytes.
const maxCoverage = 64 << 20

// coverage is how often scenarios hit the policies of a list.
type coverage struct {
	Hits []int // of each policy
	Hit  int   // policies that were
}

// covered is what is read of the JSON of ups test (docs/scenarios.md).
type covered struct {
	Coverage *struct {
		Files []struct {
			Path     string `json:"path"`
			Policies []struct {
				Policy int `json:"policy"`
				Hits   int `json:"hits"`
			} `json:"policies"`
		} `json:"files"`
	} `json:"coverage"`
}

// addCoverage reads the file of --coverage, and gives each list its own.
func (f *command) addCoverage(ctx context.Context, lists []*list) error {
	if f.coverage == "" {
		return nil
	}
	b, err := f.con.Read(ctx, f.coverage, maxCoverage)
	if err != nil {
		return fmt.Errorf("--coverage: %w", err)
	}
	var doc covered
	if err := json.Unmarshal(b, &doc); err != nil {
		return console.UsageError("ups test --coverage --json writes it", "--coverage %s: %w", f.coverage, err)
	}
	if doc.Coverage == nil {
		return console.UsageError("add --coverage to ups test --json", "--coverage %s: there is no coverage in it", f.coverage)
	}
	byPath := map[string][]int{}
	for _, file := range doc.Coverage.Files {
		var hits []int
		for _, p := range file.Policies {
			hits = append(hits, p.Hits)
		}
		byPath[absolute(file.Path)] = hits
	}
	for _, l := range lists {
		hits, known := byPath[absolute(l.Path)]
		if !known {
			f.con.Note("no scenario of %s is about %s", f.coverage, l.Path)
			continue
		}
		if len(hits) != len(l.input.File.Policies) {
			return console.UsageError("run ups test --coverage --json again", "--coverage %s: it is of %d policies of %s, which has %d", f.coverage, len(hits), l.Path, len(l.input.File.Policies))
		}
		l.Coverage = newCoverage(hits)
	}
	return nil
}

func newCoverage(hits []int) *coverage {
	c := &coverage{Hits: hits}
	for _, n := range hits {
		if n > 0 {
			c.Hit++
		}
	}
	return c
}

// absolute returns a path that two names of one file have in common, unless links
// lead there.
func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return filepath.Clean(path)
}
