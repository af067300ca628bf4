package compile

import (
	"fmt"
	"strings"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/flags"
)

// rcompLine is a command line of rcomp.
type rcompLine struct {
	unicode     bool
	source      string
	output, rsg string
	parseOnly   bool
	uids        *uidPair
	color       *flags.Choice
}

// rcompFlag is a flag that rcomp takes. With neither set nor refusal it is
// taken and does nothing.
type rcompFlag struct {
	name    string
	value   string // what its value is called; empty if it takes none
	about   string
	set     func(l *rcompLine, value string) error
	refusal string // why it can't be carried out
}

// rcompFlags are the flags, longer names before those that they begin with.
var rcompFlags = []rcompFlag{
	{name: "-force", about: "taken, without effect: outputs are always written"},
	{name: "-u", about: "Unicode; required", set: func(l *rcompLine, _ string) error { l.unicode = true; return nil }},
	{name: "-o", value: "FILE", about: "write the compiled file", set: func(l *rcompLine, v string) error { l.output = v; return nil }},
	{name: "-h", value: "FILE", about: "write the header with the ids of resources", set: func(l *rcompLine, v string) error { l.rsg = v; return nil }},
	{name: "-s", value: "FILE", about: "the source", set: func(l *rcompLine, v string) error { l.source = v; return nil }},
	{name: "-i", value: "FILE", about: "taken, without effect: line marks say where the source is from"},
	{name: "-{uid2,uid3}", about: "must be the UIDs that the source has"},
	{name: "-p", about: "check the source and write nothing", set: func(l *rcompLine, _ string) error { l.parseOnly = true; return nil }},
	{name: "-v", about: "taken, without effect: there is nothing more to tell"},
	{name: "-f", about: "as -force"},
	{name: "-l", about: "refused: lists for localisers aren't made", refusal: "lists for localisers aren't made; a policy has no text that is translated"},
	{name: "-n", about: "refused: ids come from NAME in the source", refusal: "the ids of resources come from NAME in the source alone"},
	{name: "--color", value: "=WHEN", about: "not of rcomp: auto, always or never", set: func(l *rcompLine, v string) error { return l.color.Set(v) }},
}

// parseRcomp reads a command line as rcomp does.
func parseRcomp(args []string, color *flags.Choice) (*rcompLine, error) {
	l := &rcompLine{color: color}
	for len(args) > 0 {
		rest, err := l.take(args[0], args[1:])
		if err != nil {
			return nil, err
		}
		args = rest
	}
	return l, l.check()
}

// take reads one flag, and returns what is left of the arguments after it.
func (l *rcompLine) take(arg string, rest []string) ([]string, error) {
	if strings.HasPrefix(arg, "-{") {
		return rest, l.takeUIDs(arg)
	}
	f, value, ok := findRcompFlag(arg)
	switch {
	case !ok:
		return nil, console.UsageError("ups rcomp --help lists the flags", "rcomp takes no argument %q", arg)
	case f.refusal != "":
		return nil, console.UsageError("leave it out", "%s: %s", arg, f.refusal)
	case f.value != "" && value == "":
		if len(rest) == 0 {
			return nil, console.UsageError("", "%s needs a value", f.name)
		}
		value, rest = rest[0], rest[1:]
	}
	if f.set == nil {
		return rest, nil
	}
	return rest, f.set(l, value)
}

// findRcompFlag finds the flag that an argument begins with, and the value
// that is attached to it.
func findRcompFlag(arg string) (f rcompFlag, value string, ok bool) {
	for _, f := range rcompFlags {
		value, ok := strings.CutPrefix(arg, f.name)
		if ok && (value == "" || f.value != "" || f.refusal != "") {
			return f, strings.TrimPrefix(value, "="), true
		}
	}
	return rcompFlag{}, "", false
}

// takeUIDs reads -{uid2,uid3}.
func (l *rcompLine) takeUIDs(arg string) error {
	inner, closed := strings.CutSuffix(strings.TrimPrefix(arg, "-{"), "}")
	parts := strings.Split(inner, ",")
	if !closed || len(parts) != 2 {
		return console.UsageError("", "%s: want -{uid2,uid3}", arg)
	}
	var uids uidPair
	for i, part := range parts {
		var u flags.UID
		if err := u.Set(strings.TrimSpace(part)); err != nil {
			return fmt.Errorf("%s: %w", arg, err)
		}
		uids[i] = u.Value
	}
	l.uids = &uids
	return nil
}

// check refuses a command line that lacks something.
func (l *rcompLine) check() error {
	switch {
	case !l.unicode:
		return console.UsageError("add -u", "without -u rcomp makes narrow text, and a policy file is Unicode")
	case l.source == "":
		return console.UsageError("add -sFILE", "there is no source")
	case l.output == "" && l.rsg == "" && !l.parseOnly:
		return console.UsageError("add -oFILE or -hFILE; -p checks only", "there is nothing to write")
	}
	return nil
}
