package flags

import (
	"errors"
	"fmt"
	"strconv"
)

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

// Port is a flag with the number of a TCP port; 0 is any that is free.
type Port uint16

func (p *Port) String() string { return strconv.Itoa(int(*p)) }
func (p *Port) Type() string   { return "PORT" }

// Set takes decimal digits.
func (p *Port) Set(s string) error {
	n, err := strconv.ParseUint(s, 10, 16)
	if err != nil {
		return errors.New("want a number from 0 to 65535")
	}
	*p = Port(n)
	return nil
}

// Percent is a flag with a part of a hundred.
type Percent struct {
	Value float64
	Given bool
}

func (p *Percent) Type() string { return "PERCENT" }

func (p *Percent) String() string {
	if !p.Given {
		return ""
	}
	return strconv.FormatFloat(p.Value, 'g', -1, 64)
}

// Set takes a number from 0 to 100.
func (p *Percent) Set(s string) error {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || !(v >= 0 && v <= 100) {
		return errors.New("want a number from 0 to 100")
	}
	p.Value, p.Given = v, true
	return nil
}
