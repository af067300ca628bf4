package main

import (
	"bytes"
	"fmt"
	"strings"
)

// dependency says what an output was made from.
type dependency struct {
	output string
	inputs []string
}

// makeRules gives dependencies as rules for make.
func makeRules(deps []dependency) ([]byte, error) {
	var b bytes.Buffer
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
			}
		}
		b.WriteByte('\n')
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
