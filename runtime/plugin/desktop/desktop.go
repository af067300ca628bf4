// Package desktop is a dialog creator that asks by notifications of the desktop
// (Desktop Notifications Specification, org.freedesktop.Notifications over D-Bus),
// with just the buttons that the policy offers.
//
// It believes nobody on the bus but the program that shows notifications, as it was
// when the prompt was prepared: others can't press a button, and if that program
// ends there is no answer. There is no default action: to click on the notification,
// or to close it, is no answer. Text that isn't ours is shown quoted, and never as
// markup.
package desktop

import (
	"context"
	"errors"
	"fmt"

	"ups/policy"
	"ups/runtime/service"
)

// Options are those of the dialog creator. The zero value is ready for use.
type Options struct {
	// Address is that of the bus. The default is the session bus of the user.
	Address string
	// Client, Server and Service give names for identities, or "". They may
	// be nil; then the number is shown alone.
	Client, Server func(sid uint32) string
	Service        func(server, service uint32) string
}

// ErrNoButtons says that the desktop's notifications have no buttons, so that nothing
// could be answered.
var ErrNoButtons = errors.New("notifications of this desktop have no buttons")

// New returns what to register the dialog creator with (service.Registry).
func New(o Options) service.DialogCreatorFactory {
	return func(uint32) (service.DialogCreator, error) { return &dialog{options: o}, nil }
}

// dialog is one dialog.
type dialog struct {
	options Options
	prompt  *service.Prompt
	desktop *desktop
}

// Prepare connects to the bus. It fails with ErrNoButtons, and if nothing shows
// notifications.
func (d *dialog) Prepare(ctx context.Context, p *service.Prompt) (err error) {
	d.prompt = p
	if d.desktop, err = dial(ctx, d.options.Address); err != nil {
		return err
	}
	// Display may never be called.
	context.AfterFunc(service.RequestContext(ctx), d.desktop.close)
	return nil
}

// Display asks. A notification that is closed, or whose program ends, and a context
// that is done are no answer. The evaluator info stays as it was.
func (d *dialog) Display(ctx context.Context, info uint32) (service.Choice, error) {
	defer d.desktop.close()
	choice, err := d.ask(ctx)
	if err != nil {
		return service.Choice{}, fmt.Errorf("%w: %w", service.ErrNoAnswer, err)
	}
	choice.Info = info
	return choice, nil
}

// ask is the question, and the one that may follow: for what to remember it.
func (d *dialog) ask(ctx context.Context) (choice service.Choice, err error) {
	n := d.question()
	pressed, err := d.desktop.ask(ctx, n)
	if err != nil {
		return choice, err
	}
	choice.Option = policy.Options(n.buttons[pressed].value)
	if choice.Option&(policy.Always|policy.Never) == 0 || len(d.prompt.Fingerprints) < 2 {
		return choice, nil
	}
	choice.Fingerprint, err = d.desktop.ask(ctx, d.forWhat(n.buttons[pressed].label))
	return choice, err
}
