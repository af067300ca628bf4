package flags

import "regexp"

// Pattern is a flag with a regular expression.
type Pattern struct{ *regexp.Regexp }

func (p *Pattern) Type() string { return "REGEXP" }

func (p *Pattern) String() string {
	if p.Regexp == nil {
		return ""
	}
	return p.Regexp.String()
}

// Set takes an expression in the syntax of Go.
func (p *Pattern) Set(s string) (err error) {
	p.Regexp, err = regexp.Compile(s)
	return err
}
