package main

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"ups/grammar"
)

// choice is a flag with one of a few values.
type choice struct {
	value string
	of    []string
	name  string // of the value, WHEN if empty
}

func (c *choice) String() string { return c.value }
func (c *choice) Type() string   { return cmp.Or(c.name, "WHEN") }

// Set takes one of the values, in full and in any case.
func (c *choice) Set(s string) error {
	for _, v := range c.of {
		if strings.EqualFold(s, v) {
			c.value = v
			return nil
		}
	}
	last := len(c.of) - 1
	return fmt.Errorf("want %s or %s", strings.Join(c.of[:last], ", "), c.of[last])
}

// count is a flag with a number from 1.
type count int

func (c *count) String() string { return strconv.Itoa(int(*c)) }
func (c *count) Type() string   { return "N" }

// Set takes decimal digits.
func (c *count) Set(s string) error {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		return fmt.Errorf("want a number from 1")
	}
	*c = count(n)
	return nil
}

// uid is a flag with a SID or UID.
type uid struct {
	value uint32
	given bool
}

func (u *uid) Type() string { return "0xID" }

func (u *uid) String() string {
	if !u.given {
		return ""
	}
	return fmt.Sprintf("0x%08x", u.value)
}

// Set takes 0x and up to eight hexadecimal digits. Without the 0x it isn't
// clear whether 10283695 is decimal, so that isn't taken.
func (u *uid) Set(s string) error {
	digits, ok := strings.CutPrefix(s, "0x")
	v, err := strconv.ParseUint(digits, 16, 32)
	if !ok || err != nil || v == 0 {
		return fmt.Errorf("want 0x and up to eight hexadecimal digits, not zero, such as 0x101f7f1f")
	}
	u.value, u.given = uint32(v), true
	return nil
}

// sid is a flag with the SID of a client, which may be zero: that is the SID
// of an executable that was given none.
type sid struct{ uid }

// Set takes 0x and up to eight hexadecimal digits.
func (s *sid) Set(text string) error {
	v, err := parseID([]byte(text))
	if err == nil {
		s.value, s.given = v, true
	}
	return err
}

// define is a -D or a -U flag. Both add to one list, since their order counts.
type define struct {
	list  *[]grammar.Define
	undef bool
}

func (d define) String() string { return "" }

func (d define) Type() string {
	if d.undef {
		return "NAME"
	}
	return "NAME[=VALUE]"
}

// Set adds a definition. As C preprocessors have it, NAME is defined as 1 and
// NAME= as nothing.
func (d define) Set(s string) error {
	name, value, given := strings.Cut(s, "=")
	switch {
	case !isName(name) || d.undef && given:
		return fmt.Errorf("want %s, with a name of letters, digits and _", d.Type())
	case strings.ContainsAny(value, "\r\n"):
		return fmt.Errorf("a macro is one line")
	case given && value == "":
		value = " " // defined as nothing, where an empty Value is 1
	}
	*d.list = append(*d.list, grammar.Define{Name: name, Value: value, Undef: d.undef})
	return nil
}

// isName reports whether s is a name (docs/language.md, Tokens).
func isName(s string) bool {
	for i, r := range s {
		letter := r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != ""
}
