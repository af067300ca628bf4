package compile

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// dependency says what an output was made from.
type dependency struct {
	output string
	inputs []string // the source, then its headers
}

// makeRules returns dependencies as rules for make. A header also has a rule
// of its own, an empty one, so that make goes on when it has been deleted.
func makeRules(deps []dependency) ([]byte, error) {
	var b bytes.Buffer
	var headers []string // escaped
	for _, d := range deps {
		for i, name := range append([]string{d.output}, d.inputs...) {
			escaped, err := makeName(name)
			if err != nil {
				return nil, err
			}
			switch i {
			case 0:
				b.WriteString(escaped + ":")
			default:
				b.WriteString(" \\\n  " + escaped)
				if i > 1 && !slices.Contains(headers, escaped) {
					headers = append(headers, escaped)
				}
			}
		}
		b.WriteByte('\n')
	}
	for _, h := range headers {
		b.WriteString("\n" + h + ":\n")
	}
	return b.Bytes(), nil
}

// makeName writes a file name as make reads it. A backslash needs one of its
// own only in front of what is escaped.
func makeName(name string) (string, error) {
	if strings.ContainsAny(name, "\n\r\x00") {
		return "", fmt.Errorf("%q: make can't read a file name with a line end in it", name)
	}
	var b strings.Builder
	backslashes := 0
	for i := range len(name) {
		switch name[i] {
		case '\\':
			backslashes++
		case ' ', '\t', '#':
			b.WriteString(strings.Repeat(`\`, backslashes+1))
			backslashes = 0
		case '$':
			b.WriteByte('$')
			backslashes = 0
		default:
			backslashes = 0
		}
		b.WriteByte(name[i])
	}
	return b.String(), nil
}
