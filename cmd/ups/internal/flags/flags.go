// Package flags has the kinds of values that flags of ups take.
package flags

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
)

// Choice is a flag with one of a few values.
type Choice struct {
	Value string
	Of    []string
	Name  string // of the value, WHEN if empty
}

func (c *Choice) String() string { return c.Value }
func (c *Choice) Type() string   { return cmp.Or(c.Name, "WHEN") }

// Set takes one of the values, in full and in any case.
func (c *Choice) Set(s string) error {
	for _, v := range c.Of {
		if strings.EqualFold(s, v) {
			c.Value = v
			return nil
		}
	}
	last := len(c.Of) - 1
	return fmt.Errorf("want %s or %s", strings.Join(c.Of[:last], ", "), c.Of[last])
}

// Count is a flag with a number from 1.
type Count int

func (c *Count) String() string { return strconv.Itoa(int(*c)) }
func (c *Count) Type() string   { return "N" }

// Set takes decimal digits.
func (c *Count) Set(s string) error {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		return fmt.Errorf("want a number from 1")
	}
	*c = Count(n)
	return nil
}

// UID is a flag with a SID or UID.
type UID struct {
	Value uint32
	Given bool
}

func (u *UID) Type() string { return "0xID" }

func (u *UID) String() string {
	if !u.Given {
		return ""
	}
	return fmt.Sprintf("0x%08x", u.Value)
}

// Set takes 0x and up to eight hexadecimal digits. Without the 0x it isn't
// clear whether 10283695 is decimal, so that isn't taken.
func (u *UID) Set(s string) error {
	digits, ok := strings.CutPrefix(s, "0x")
	v, err := strconv.ParseUint(digits, 16, 32)
	if !ok || err != nil || v == 0 {
		return fmt.Errorf("want 0x and up to eight hexadecimal digits, not zero, such as 0x101f7f1f")
	}
	u.Value, u.Given = uint32(v), true
	return nil
}

// SID is a flag with the SID of a client, which may be zero: that is the SID
// of an executable that was given none.
type SID struct{ UID }

// Set takes 0x and up to eight hexadecimal digits.
func (s *SID) Set(text string) error {
	v, err := ParseID([]byte(text))
	if err == nil {
		s.Value, s.Given = v, true
	}
	return err
}

// ParseID reads 0x and up to eight hexadecimal digits.
func ParseID(value []byte) (uint32, error) {
	if len(value) > 2 && len(value) <= 10 && value[0] == '0' && value[1] == 'x' {
		if v, err := strconv.ParseUint(string(value[2:]), 16, 32); err == nil {
			return uint32(v), nil
		}
	}
	return 0, errors.New("want 0x and up to eight hexadecimal digits, such as 0x101f7f1f")
}

// CompleteChoice lets shells complete the values of a flag.
func CompleteChoice(cmd *cobra.Command, name string, c *Choice) {
	values := cobra.FixedCompletions(c.Of, cobra.ShellCompDirectiveNoFileComp)
	// It fails only if there is no such flag, which the scripts would show.
	_ = cmd.RegisterFlagCompletionFunc(name, values)
}
