package terminal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"ups/policy"
	"ups/runtime/internal/printable"
	"ups/runtime/service"
)

const newLine = "\r\n" // the terminal is in raw mode

// question is some lines, then keys to press.
type question struct {
	lines []string
	keys  []key
}

// key is what can be pressed.
type key struct {
	key   byte // in lower case
	value int  // what it stands for
	label string
}

// buttons are the options in the order in which they are offered.
var buttons = []struct {
	option policy.Options
	key    byte
	label  string
}{
	{policy.Yes, 'y', "yes, this time"},
	{policy.SessionYes, 's', "yes, for this session"},
	{policy.Always, 'a', "always: yes, and don't ask again"},
	{policy.No, 'n', "no, this time"},
	{policy.SessionNo, 'b', "no, for this session (block)"},
	{policy.Never, 'v', "never: no, and don't ask again"},
}

func labelOf(o policy.Options) string {
	for _, b := range buttons {
		if b.option == o {
			return b.label
		}
	}
	return "no, this time"
}

// question is what is asked first.
func (d *dialog) question() question {
	p, o := d.prompt, d.options
	q := question{lines: []string{
		"",
		"An application asks for your permission.",
		"  application  " + printable.Identity(p.Client.SID, o.Client),
		"  service      " + printable.Identity(p.Service, func(uid uint32) string {
			if o.Service == nil {
				return ""
			}
			return o.Service(p.Server, uid)
		}),
		"  provided by  " + printable.Identity(p.Server, o.Server),
		"  destination  " + printable.Text(p.Destination),
	}}
	if p.Entity != "" {
		q.lines = append(q.lines, "  on behalf of "+printable.Text(p.Entity))
	}
	if why := p.Expired.Words(); why != "" {
		q.lines = append(q.lines, "You have answered this before, and are asked again: "+why+". This answer replaces that one.")
	} else if p.Forced {
		q.lines = append(q.lines, "You have answered this before, and are asked again. This answer replaces that one.")
	}
	for _, b := range buttons {
		if p.Policy.Policy.Options&b.option != 0 {
			q.keys = append(q.keys, key{b.key, int(b.option), b.label + d.lasting(b.option)})
		}
	}
	return q
}

// lasting says what Always and Never are for.
func (d *dialog) lasting(o policy.Options) string {
	prints := d.prompt.Fingerprints
	switch {
	case o&(policy.Always|policy.Never) == 0:
		return ""
	case len(prints) > 1:
		return " (for what, you choose next)"
	case len(prints) == 1 && prints[0].Description != "":
		return ", for " + printable.Text(prints[0].Description)
	}
	return ", whatever this application wants of this service"
}

// forWhat is what is asked about an answer that lasts.
func (d *dialog) forWhat(o policy.Options) question {
	q := question{lines: []string{labelOf(o) + ". For what?"}}
	for i, f := range d.prompt.Fingerprints {
		if i == 9 {
			break // no more digits; what is left out is the least specific
		}
		q.keys = append(q.keys, key{byte('1' + i), i, printable.Text(f.Description)})
	}
	return q
}

// choose writes the question and waits for one of its keys.
func (d *dialog) choose(ctx context.Context, q question) (int, error) {
	var b strings.Builder
	for _, line := range q.lines {
		b.WriteString(line + newLine)
	}
	for _, k := range q.keys {
		fmt.Fprintf(&b, "  [%c] %s%s", k.key, k.label, newLine)
	}
	b.WriteString("Ctrl-C is no answer, and means no, this time. Press a key: ")
	if _, err := d.tty.WriteString(b.String()); err != nil {
		return 0, d.noAnswer(ctx, err)
	}
	for {
		pressed, err := d.read()
		if err != nil {
			return 0, d.noAnswer(ctx, err)
		}
		for _, k := range q.keys {
			if k.key == pressed {
				return k.value, nil
			}
		}
	}
}

var errInterrupted = errors.New("interrupted")

// interrupts are Ctrl-C and Ctrl-D, as a terminal in raw mode sends them.
const interrupts = "\x03\x04"

// read returns one key that was pressed, in lower case. What comes in one piece
// and is longer is no key: it was pasted, or is an arrow or the like, and is
// passed over as a whole. But Ctrl-C twice over a slow connection is meant, and to
// take it for no answer is safe.
func (d *dialog) read() (byte, error) {
	var piece [64]byte
	for {
		n, err := d.tty.Read(piece[:])
		switch {
		case err != nil:
			return 0, err
		case bytes.ContainsAny(piece[:n], interrupts):
			return 0, errInterrupted
		case n != 1:
			continue
		}
		return strings.ToLower(string(piece[:1]))[0], nil
	}
}

// noAnswer is the error of a question that wasn't answered.
func (d *dialog) noAnswer(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, os.ErrDeadlineExceeded) {
		err = context.Cause(ctx)
	}
	return fmt.Errorf("%w: %w", service.ErrNoAnswer, err)
}
