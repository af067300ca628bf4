package lint

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"ups/cmd/ups/internal/output"
	"ups/lint"
)

// baselineHead begins a baseline file; the number is of its form. A line of
// it is a finding: fingerprint, rule, and path relative to the file's folder.
const baselineHead = "# ups lint baseline 1"

// maxBaseline is the size of the largest baseline, in bytes: some 500,000
// findings.
const maxBaseline = 64 << 20

// writeBaseline writes the findings as those that are known.
func (l *linter) writeBaseline(ctx context.Context, findings []lint.Finding) error {
	var lines []string
	for _, f := range findings {
		line, err := l.baselineLine(f)
		if err != nil {
			return err
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	slices.SortFunc(lines, func(a, b string) int { return strings.Compare(byPath(a), byPath(b)) })
	lines = slices.Compact(lines)
	text := strings.Join(append([]string{baselineHead}, lines...), "\n") + "\n"
	return output.Write(ctx, l.Con, []output.File{{Name: l.flags.baseline, Data: []byte(text)}})
}

// byPath returns a line of a baseline with its path first, to sort by.
func byPath(line string) string {
	parts := strings.SplitN(line, " ", 3)
	return parts[2] + "\n" + parts[1] + "\n" + parts[0]
}

// baselineLine returns the line of a finding. An error of the compiler has none:
// a file that isn't one must not become known.
func (l *linter) baselineLine(f lint.Finding) (string, error) {
	if lint.RuleByID(f.Code) == nil {
		return "", nil
	}
	from, err := filepath.Abs(filepath.Dir(l.flags.baseline))
	if err != nil {
		return "", err
	}
	to, err := filepath.Abs(f.Path)
	if err != nil {
		return "", err
	}
	rel, err := filepath.Rel(from, to)
	return fmt.Sprintf("%s %s %s", f.Fingerprint, f.Code, filepath.ToSlash(rel)), err
}

// dropKnown leaves out what the baseline lists, and says on standard error
// what of it is found no more.
func (l *linter) dropKnown(findings []lint.Finding) ([]lint.Finding, error) {
	if l.flags.baseline == "" {
		return findings, nil
	}
	known, err := l.readBaseline()
	if err != nil {
		return nil, err
	}
	var out []lint.Finding
	for _, f := range findings {
		line, err := l.baselineLine(f)
		if err != nil {
			return nil, err
		}
		if _, ok := known[line]; ok && line != "" {
			known[line] = true
			continue
		}
		out = append(out, f)
	}
	l.saySettled(known)
	return out, nil
}

func (l *linter) saySettled(known map[string]bool) {
	settled := 0
	for _, found := range known {
		if !found {
			settled++
		}
	}
	if settled > 0 {
		l.Con.Note("%d of the %d findings in %s are found no more; --write-baseline takes them out",
			settled, len(known), l.flags.baseline)
	}
}

// readBaseline reads a baseline: its lines, none found yet.
func (l *linter) readBaseline() (map[string]bool, error) {
	name := l.flags.baseline
	text, err := l.Con.ReadNamed(name, maxBaseline)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for i, line := range strings.Split(string(bytes.TrimRight(text, "\r\n")), "\n") {
		line = strings.TrimSuffix(line, "\r")
		switch {
		case i == 0 && line != baselineHead:
			return nil, fmt.Errorf("%s: not a baseline: its first line must be %q", name, baselineHead)
		case i == 0 || line == "" || line[0] == '#':
		case len(strings.SplitN(line, " ", 3)) < 3:
			return nil, fmt.Errorf("%s:%d: want a fingerprint, a rule and a path", name, i+1)
		default:
			known[line] = false
		}
	}
	return known, nil
}
