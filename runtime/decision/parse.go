package decision

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ParseFilter reads a filter from terms, one condition each, all of which
// must hold:
//
//	client=0x10000001   major<2   result!=never   description=all numbers
//
// A term is a field, a comparison and a value. The fields are those of the
// JSON form of a record. The comparisons are = != < > <= >= (≠, ≤ and ≥ are
// read too); fingerprint, entity and description know = and != only. Numbers
// are decimal, or hexadecimal with 0x before; a result is always or never;
// fingerprint and entity are bytes in hexadecimal; a description is text as
// it stands, to the end of the term. Spaces around the field and around any
// value but a description mean nothing. A field has one condition at most.
//
// Errors wrap ErrInvalidFilter and say what would be right.
func ParseFilter(terms ...string) (Filter, error) {
	var f Filter
	for _, term := range terms {
		if err := f.parseTerm(term); err != nil {
			return Filter{}, fmt.Errorf("%w %q: %w", ErrInvalidFilter, term, err)
		}
	}
	if _, err := f.Conditions(); err != nil {
		return Filter{}, err
	}
	return f, nil
}

// Terms returns the terms that ParseFilter reads the filter from.
func (f *Filter) Terms() []string {
	var terms []string
	for i := range fields {
		if c := fields[i].condition(f); c.Comparison != Unset {
			terms = append(terms, c.Field+c.Comparison.String()+fields[i].format(c))
		}
	}
	return terms
}

func (f *Filter) parseTerm(term string) error {
	name, comparison, value, err := cutTerm(term)
	if err != nil {
		return err
	}
	d, err := fieldNamed(name)
	if err != nil {
		return err
	}
	if d.condition(f).Comparison != Unset {
		return fmt.Errorf("%s has a condition already, and a filter has one for each field", name)
	}
	if d.isText() {
		return d.parseText(d.text(f), comparison, value)
	}
	return d.parseNumber(d.number(f), comparison, value)
}

// cutTerm cuts at the first comparison; of two that begin at one place the
// longer is meant.
func cutTerm(term string) (name string, c Comparison, value string, err error) {
	at := strings.IndexAny(term, "=!<>≠≤≥")
	if at < 0 {
		return "", 0, "", fmt.Errorf("no comparison in it, write for example major<2 or result=never")
	}
	c, size := comparisonAt(term[at:])
	if c == Unset {
		return "", 0, "", fmt.Errorf("a lone ! is no comparison, write !=")
	}
	return strings.TrimSpace(term[:at]), c, term[at+size:], nil
}

func comparisonAt(s string) (Comparison, int) {
	for _, c := range []Comparison{NotEqual, LessOrEqual, GreaterOrEqual, Equal, Less, Greater} {
		if strings.HasPrefix(s, symbols[c]) {
			return c, len(symbols[c])
		}
	}
	r, size := utf8.DecodeRuneInString(s)
	switch r {
	case '≠':
		return NotEqual, size
	case '≤':
		return LessOrEqual, size
	case '≥':
		return GreaterOrEqual, size
	}
	return Unset, 0
}

func fieldNamed(name string) (*field, error) {
	names := make([]string, len(fields))
	for i := range fields {
		if fields[i].name == name {
			return &fields[i], nil
		}
		names[i] = fields[i].name
	}
	return nil, fmt.Errorf("no field is named %q, the fields are %s", name, strings.Join(names, ", "))
}

func (d *field) parseText(t *Text, c Comparison, value string) error {
	if d.kind == plain {
		*t = Text{c, value}
		return nil
	}
	b, err := hex.DecodeString(strings.TrimSpace(value))
	if err != nil {
		return fmt.Errorf("%s is bytes in hexadecimal, two digits each, as in 0a1b2c", d.name)
	}
	*t = Text{c, string(b)}
	return nil
}

func (d *field) parseNumber(n *Number, c Comparison, value string) error {
	value = strings.TrimSpace(value)
	if d.kind == result {
		r, err := parseResult(value)
		*n = Number{c, uint64(r)}
		return err
	}
	v, err := parseNumber(value)
	if err != nil {
		return fmt.Errorf("%s is a number, decimal or with 0x before, at most %s", d.name, d.format(Condition{Number: d.max}))
	}
	*n = Number{c, v}
	return nil
}

func parseResult(s string) (Result, error) {
	switch s {
	case "never":
		return Never, nil
	case "always":
		return Always, nil
	}
	return 0, fmt.Errorf("a result is always or never, not %q", s)
}

// parseNumber reads a decimal number, or a hexadecimal one with 0x before. A
// leading zero is not octal.
func parseNumber(s string) (uint64, error) {
	if digits, ok := strings.CutPrefix(strings.ToLower(s), "0x"); ok {
		return strconv.ParseUint(digits, 16, 64)
	}
	return strconv.ParseUint(s, 10, 64)
}

// format returns a value as terms and messages write it.
func (d *field) format(c Condition) string {
	switch d.kind {
	case uid:
		return fmt.Sprintf("0x%08x", c.Number)
	case result:
		return Result(c.Number).String()
	case raw:
		return hex.EncodeToString([]byte(c.Text))
	case plain:
		return c.Text
	}
	return strconv.FormatUint(c.Number, 10)
}
