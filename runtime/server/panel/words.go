package panel

import (
	"errors"
	"fmt"
	"strings"

	"ups/policy"
	"ups/runtime/decision"
	"ups/runtime/internal/printable"
	"ups/runtime/service"
)

// choice is an option, as a button.
type choice struct {
	Option policy.Options
	Value  string // in forms
	Label  string
	Allows bool
}

// choices are the options in the order in which they are offered.
var choices = []choice{
	{policy.Yes, "yes", "Yes", true},
	{policy.SessionYes, "session-yes", "Yes, for this session", true},
	{policy.Always, "always", "Always", true},
	{policy.No, "no", "No", false},
	{policy.SessionNo, "session-no", "No, for this session", false},
	{policy.Never, "never", "Never", false},
}

// choiceOf returns the choice of an option; an unknown one is none.
func choiceOf(o policy.Options) choice {
	for _, c := range choices {
		if c.Option == o {
			return c
		}
	}
	return choice{Label: "no answer"}
}

// offered returns the choices that a policy of these options offers.
func offered(o policy.Options) []choice {
	var out []choice
	for _, c := range choices {
		if o&c.Option != 0 {
			out = append(out, c)
		}
	}
	return out
}

// meaning says what comes of a choice; a stored answer may age.
func meaning(p *service.Prompt, c choice, ages bool) string {
	verb := map[bool]string{true: "Allows", false: "Refuses"}[c.Allows]
	switch {
	case c.Option&(policy.Yes|policy.No) != 0:
		return verb + " this request only. You are asked about the next one."
	case c.Option&(policy.SessionYes|policy.SessionNo) != 0:
		return verb + " this request, and the system server does the same for the rest of its session."
	case len(p.Fingerprints) == 0:
		return verb + " this request only: nothing can be stored for it."
	}
	until := "until you revoke it"
	if ages {
		until += " or it expires"
	}
	return verb + " this request and, " + until + ", every later one" + lasting(p)
}

// lasting says what an answer that is stored is for.
func lasting(p *service.Prompt) string {
	if len(p.Fingerprints) > 1 {
		return " about what is chosen above."
	}
	if d := p.Fingerprints[0].Description; d != "" {
		return " about " + printable.Text(d) + "."
	}
	return " of this application to this service."
}

// forWhat is the text of a fingerprint.
func forWhat(f service.Fingerprint) string {
	if f.Description != "" {
		return printable.Text(f.Description)
	}
	if f.Bytes == "" {
		return "whatever this application wants of this service"
	}
	return "fingerprint " + hexBytes(f.Bytes)
}

// withdrawn says why a dialog ended without an answer.
func withdrawn(err error) string {
	switch {
	case errors.Is(err, service.ErrPlugInTime):
		return "it ended since nobody answered in time, which means No"
	case errors.Is(err, service.ErrClosed):
		return "it ended since the one who asked has gone away"
	}
	return "it ended since the request was cancelled"
}

// hexBytes writes bytes that aren't text.
func hexBytes(s string) string { return fmt.Sprintf("%x", s) }

// id writes a SID or a UID.
func id(v uint32) string { return fmt.Sprintf("0x%08X", v) }

// named writes an identity with its name, if it has one.
func named(v uint32, name string) string {
	if name == "" {
		return id(v)
	}
	return printable.Text(name) + " (" + id(v) + ")"
}

// client, server and service name who takes part.
func (p *Panel) client(sid uint32) string { return named(sid, nameOf(p.opt.Names.Client, sid)) }

func (p *Panel) server(sid uint32) string { return named(sid, nameOf(p.opt.Names.Server, sid)) }

func (p *Panel) service(server, uid uint32) string {
	if p.opt.Names.Service == nil {
		return id(uid)
	}
	return named(uid, p.opt.Names.Service(server, uid))
}

func nameOf(names func(uint32) string, sid uint32) string {
	if names == nil {
		return ""
	}
	return names(sid)
}

// ofRecords returns what names the client, the server and the service of a record; nil
// where there are no names.
func (n Names) ofRecords() (client, server, service func(*decision.Record) string) {
	if n.Client != nil {
		client = func(r *decision.Record) string { return n.Client(r.Client) }
	}
	if n.Server != nil {
		server = func(r *decision.Record) string { return n.Server(r.Server) }
	}
	if n.Service != nil {
		service = func(r *decision.Record) string { return n.Service(r.Server, r.Service) }
	}
	return client, server, service
}

// count writes a number of things.
func count(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	if strings.HasSuffix(one, "y") {
		return fmt.Sprintf("%d %sies", n, strings.TrimSuffix(one, "y"))
	}
	return fmt.Sprintf("%d %ss", n, one)
}
