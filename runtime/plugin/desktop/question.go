package desktop

import (
	"strings"

	"ups/policy"
	"ups/runtime/internal/printable"
)

// notification is what is shown.
type notification struct {
	summary string
	lines   []string
	buttons []button
}

// button is what can be pressed.
type button struct {
	label string
	value int // what it stands for
}

// labels are the options in the order in which they are offered.
var labels = []struct {
	option policy.Options
	label  string
}{
	{policy.Yes, "Yes, this time"},
	{policy.SessionYes, "Yes, for this session"},
	{policy.Always, "Always"},
	{policy.No, "No, this time"},
	{policy.SessionNo, "No, for this session"},
	{policy.Never, "Never"},
}

// question is what is asked first.
func (d *dialog) question() notification {
	p, o := d.prompt, d.options
	n := notification{summary: "An application asks for your permission", lines: []string{
		"Application: " + printable.Identity(p.Client.SID, o.Client),
		"Service: " + printable.Identity(p.Service, func(uid uint32) string {
			if o.Service == nil {
				return ""
			}
			return o.Service(p.Server, uid)
		}),
		"Provided by: " + printable.Identity(p.Server, o.Server),
		"Destination: " + printable.Text(p.Destination),
	}}
	if p.Entity != "" {
		n.lines = append(n.lines, "On behalf of: "+printable.Text(p.Entity))
	}
	if why := p.Expired.Words(); why != "" {
		n.lines = append(n.lines, "You have answered this before, but "+why+". This answer replaces that one.")
	} else if p.Forced {
		n.lines = append(n.lines, "You have answered this before. This answer replaces that one.")
	}
	offered := p.Policy.Policy.Options
	if offered&(policy.Always|policy.Never) != 0 {
		n.lines = append(n.lines, d.lasting(offered))
	}
	for _, l := range labels {
		if offered&l.option != 0 {
			n.buttons = append(n.buttons, button{l.label, int(l.option)})
		}
	}
	return n
}

// lasting says what Always and Never are for.
func (d *dialog) lasting(offered policy.Options) string {
	var names []string
	for _, l := range labels {
		if offered&l.option&(policy.Always|policy.Never) != 0 {
			names = append(names, l.label)
		}
	}
	prints := d.prompt.Fingerprints
	what := "whatever this application wants of this service"
	switch {
	case len(prints) > 1:
		what = "what you choose next"
	case len(prints) == 1 && prints[0].Description != "":
		what = printable.Text(prints[0].Description)
	}
	return strings.Join(names, " or ") + ": you are not asked again, for " + what + "."
}

// mostChoices is how many fingerprints are offered; what is left out is the least
// specific.
const mostChoices = 5

// forWhat is what is asked about an answer that lasts.
func (d *dialog) forWhat(answer string) notification {
	n := notification{summary: answer + ": for what?"}
	for i, f := range d.prompt.Fingerprints {
		if i == mostChoices {
			break
		}
		n.buttons = append(n.buttons, button{printable.Text(f.Description), i})
	}
	return n
}
