// Package terminal is a dialog creator that asks on a terminal, with just the
// buttons that the policy offers.
//
// Rules of what it writes:
//
//   - It writes to the terminal alone, and only while its dialog is up.
//   - What isn't a constant of this package goes through printable.Text: text from
//     clients and plug-ins can't move the cursor, change colours or the title,
//     or turn the direction of writing.
//   - Such text stands quoted, behind a label, and is cut in the middle if it
//     is long. It can't pass for a line of the dialog, or push one away.
//   - There are no cursor movements: lines are written once, and what is on
//     the screen stays right whatever size it gets.
//   - The last line says what was answered, so that a question that is no longer
//     open doesn't look as if it were.
package terminal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/term"

	"ups/policy"
	"ups/runtime/service"
)

// Options are those of the dialog creator. The zero value is ready for use.
type Options struct {
	// Open opens the terminal for one dialog, which closes it. It must be a
	// file of its own: its deadlines and its mode are changed. Nil opens
	// /dev/tty, the terminal that the process was started from.
	Open func() (*os.File, error)
	// Client, Server and Service give names for identities, or "". They may
	// be nil; then the number is shown alone.
	Client, Server func(sid uint32) string
	Service        func(server, service uint32) string
}

// New returns what to register the dialog creator with (service.Registry).
func New(o Options) service.DialogCreatorFactory {
	if o.Open == nil {
		o.Open = func() (*os.File, error) { return os.OpenFile("/dev/tty", os.O_RDWR, 0) }
	}
	return func(uint32) (service.DialogCreator, error) { return &dialog{options: o}, nil }
}

// dialog is one dialog.
type dialog struct {
	options Options
	prompt  *service.Prompt
	tty     *os.File
}

// Prepare keeps the prompt.
func (d *dialog) Prepare(_ context.Context, p *service.Prompt) error {
	d.prompt = p
	return nil
}

// Display asks. Ctrl-C, Ctrl-D, a terminal that goes away or isn't one, and a
// context that is done are no answer. The evaluator info stays as it was.
func (d *dialog) Display(ctx context.Context, info uint32) (choice service.Choice, err error) {
	if d.tty, err = d.options.Open(); err != nil {
		return choice, fmt.Errorf("%w: %w", service.ErrNoAnswer, err)
	}
	defer d.tty.Close()
	restore, err := d.raw()
	if err != nil {
		return choice, fmt.Errorf("%w: %w", service.ErrNoAnswer, err)
	}
	defer restore()
	choice, err = d.ask(ctx)
	choice.Info = info
	d.writeLastLine(ctx, choice, err)
	return choice, err
}

// raw makes the terminal hand over each key as it is pressed, Ctrl-C too,
// which otherwise would be a signal to the whole process.
func (d *dialog) raw() (restore func(), err error) {
	var before *term.State
	err = d.control(func(fd int) error {
		before, err = term.MakeRaw(fd)
		return err
	})
	return func() { d.control(func(fd int) error { return term.Restore(fd, before) }) }, err
}

// control calls f with the file descriptor. File.Fd would make reads
// uninterruptible.
func (d *dialog) control(f func(fd int) error) error {
	conn, err := d.tty.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	if err := conn.Control(func(fd uintptr) { failed = f(int(fd)) }); err != nil {
		return err
	}
	return failed
}

// ask is the question, and the one that may follow: for what to remember it.
func (d *dialog) ask(ctx context.Context) (choice service.Choice, err error) {
	if err := d.dropTypedAhead(); err != nil {
		return choice, err
	}
	// Only now: the deadlines of dropTypedAhead would undo this one.
	stop := context.AfterFunc(ctx, func() { d.tty.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	option, err := d.choose(ctx, d.question())
	if err != nil {
		return service.Choice{}, err
	}
	choice.Option = policy.Options(option)
	if choice.Option&(policy.Always|policy.Never) == 0 || len(d.prompt.Fingerprints) < 2 {
		return choice, nil
	}
	choice.Fingerprint, err = d.choose(ctx, d.forWhat(choice.Option))
	if err != nil {
		return service.Choice{}, err
	}
	return choice, nil
}

// typedAhead is how long keys that were pressed before the question could be
// read are awaited: they answer something else.
const typedAhead = 50 * time.Millisecond

// dropTypedAhead reads what was typed before the question.
func (d *dialog) dropTypedAhead() error {
	var keys [64]byte
	for range 1 << 10 { // bounded: somebody may be sitting on a key
		if err := d.tty.SetReadDeadline(time.Now().Add(typedAhead)); err != nil {
			return fmt.Errorf("%w: %w", service.ErrNoAnswer, err)
		}
		_, err := d.tty.Read(keys[:])
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return d.tty.SetReadDeadline(time.Time{})
		}
		if err != nil {
			return fmt.Errorf("%w: %w", service.ErrNoAnswer, err)
		}
	}
	return fmt.Errorf("%w: keys are pressed without end", service.ErrNoAnswer)
}

// writeLastLine says how the dialog ended.
func (d *dialog) writeLastLine(ctx context.Context, c service.Choice, err error) {
	d.tty.SetDeadline(time.Now().Add(time.Second))
	text := "no answer: no, this time"
	switch {
	case err == nil:
		text = labelOf(c.Option)
	case ctx.Err() != nil: // not by the user
		text = "no answer is wanted any more"
	}
	d.tty.WriteString(text + newLine)
}
