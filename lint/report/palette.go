package report

import (
	"github.com/fatih/color"

	"ups/diag"
)

// palette has a painter for each role. Without colour they paint nothing.
type palette struct {
	strong, faint, hint    func(...any) string
	failure, warning, info func(...any) string
}

// Painter returns a function that writes text with the attributes, or leaves it as
// it is if colour is off. It doesn't look at the environment: its caller decides
// about colour.
func Painter(on bool, attributes ...color.Attribute) func(...any) string {
	c := color.New(attributes...)
	if on {
		c.EnableColor()
	} else {
		c.DisableColor()
	}
	return c.SprintFunc()
}

func newPalette(on bool) palette {
	return palette{
		strong:  Painter(on, color.Bold),
		faint:   Painter(on, color.Faint),
		hint:    Painter(on, color.FgGreen, color.Bold),
		failure: Painter(on, color.FgRed, color.Bold),
		warning: Painter(on, color.FgYellow, color.Bold),
		info:    Painter(on, color.FgCyan, color.Bold),
	}
}

func (p palette) severity(s diag.Severity) func(...any) string {
	switch s {
	case diag.Info:
		return p.info
	case diag.Warning:
		return p.warning
	}
	return p.failure
}
