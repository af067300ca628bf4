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

// newPalette makes painters that don't look at the environment: who calls
// Text has decided about colour.
func newPalette(on bool) palette {
	painter := func(attributes ...color.Attribute) func(...any) string {
		c := color.New(attributes...)
		if on {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
		return c.SprintFunc()
	}
	return palette{
		strong:  painter(color.Bold),
		faint:   painter(color.Faint),
		hint:    painter(color.FgGreen, color.Bold),
		failure: painter(color.FgRed, color.Bold),
		warning: painter(color.FgYellow, color.Bold),
		info:    painter(color.FgCyan, color.Bold),
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
