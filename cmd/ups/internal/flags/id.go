package flags

import (
	"errors"
	"fmt"
	"strconv"
)

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

// Set takes an id that isn't zero.
func (u *UID) Set(s string) error {
	v, err := ParseID([]byte(s))
	if err != nil || v == 0 {
		return fmt.Errorf("want 0x and up to eight hexadecimal digits, not zero, such as 0x101f7f1f")
	}
	u.Value, u.Given = v, true
	return nil
}

// SID is a flag with the SID of a client, which may be zero: that is the SID
// of an executable that was given none.
type SID struct{ UID }

// Set takes any id.
func (s *SID) Set(text string) error {
	v, err := ParseID([]byte(text))
	if err == nil {
		s.Value, s.Given = v, true
	}
	return err
}

// ParseID reads 0x and up to eight hexadecimal digits. Without the 0x it isn't
// clear whether 10283695 is decimal, so that isn't taken.
func ParseID(value []byte) (uint32, error) {
	if len(value) > 2 && len(value) <= 10 && value[0] == '0' && value[1] == 'x' {
		if v, err := strconv.ParseUint(string(value[2:]), 16, 32); err == nil {
			return uint32(v), nil
		}
	}
	return 0, errors.New("want 0x and up to eight hexadecimal digits, such as 0x101f7f1f")
}
