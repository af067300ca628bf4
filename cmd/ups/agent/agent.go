// Package agent is ups agent: it shows the prompts of a service on the terminal.
package agent

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync/atomic"

	"connectrpc.com/connect"
	"github.com/spf13/cobra"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/flags"
	"ups/cmd/ups/internal/usage"
	"ups/runtime/client"
	"ups/runtime/plugin/terminal"
	"ups/runtime/service"
)

// command are the flags of ups agent.
type command struct {
	con     *console.Console
	creator flags.UID
	tls     tlsFiles
	open    func() (*os.File, error) // opens the terminal

	lost atomic.Bool // the connection is, and that was said
}

// New returns the command.
func New(con *console.Console) *cobra.Command {
	return newCommand(&command{con: con, open: openTerminal})
}

// openTerminal opens the terminal that the process was started from.
func openTerminal() (*os.File, error) { return os.OpenFile("/dev/tty", os.O_RDWR, 0) }

func newCommand(c *command) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "agent --creator 0xUID ADDRESS",
		Short: "Show the prompts of a service on this terminal",
		Long: `Show the prompts of a service on this terminal: the program becomes the dialog
creator of an implementation UID, as long as it runs. The configuration of the
server has to let its user be that (docs/plugins.md); there is one at a time.

ADDRESS is unix:PATH, the socket of a server on this machine, or https://HOST:PORT,
which needs --certificate, --key and --ca.

A prompt has a key for each option that its policy offers. While it is shown Ctrl-C
is no answer, which means no, this time; between prompts it ends the program. A
connection that is lost is made again; its prompt vanishes, and its request has
failed. The program ends with an error if the terminal goes away.`,
		Example: `  ups agent --creator 0x10283694 unix:/run/ups/ups.sock
  ups agent --creator 0x10283694 --certificate me.pem --key me.key --ca ca.pem https://box.example:7443`,
		Args: c.args,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args[0]) },
	}
	fs := cmd.Flags()
	fs.Var(&c.creator, "creator", "be the dialog creator of this implementation `UID`, which policies name")
	fs.StringVar(&c.tls.certificate, "certificate", "", "say who calls by the certificate in `FILE`, in PEM, with https")
	fs.StringVar(&c.tls.key, "key", "", "read the key of the certificate from `FILE`, in PEM")
	fs.StringVar(&c.tls.authorities, "ca", "", "believe servers whose certificate is of an authority in `FILE`, in PEM")
	return cmd
}

// args says all that is missing at once.
func (c *command) args(cmd *cobra.Command, args []string) error {
	const address = "the ADDRESS of a server, such as unix:/run/ups/ups.sock"
	if c.creator.Given {
		return usage.OneArg(address, "address")(cmd, args)
	}
	missing := "--creator, the UID of a dialog creator"
	if len(args) == 0 {
		missing += ", and " + address
	}
	return console.UsageError("policies name it in dialogcreator: --creator 0x10283694", "%s needs %s", cmd.CommandPath(), missing)
}

func (c *command) run(ctx context.Context, address string) error {
	config, err := c.config(ctx, address)
	if err != nil {
		return err
	}
	if err := usable(c.open); err != nil {
		return console.Hint(fmt.Errorf("no terminal to show prompts on: %v", err), "start ups agent from a terminal, and leave it in the foreground")
	}
	server, err := client.Dial(ctx, client.Options{Address: address, TLS: config, Attached: c.attached})
	if config != nil && errors.Is(err, client.ErrInterrupted) {
		err = console.Hint(err, "the server may not take this certificate; it logs why at the level debug")
	}
	if err != nil {
		return failure(ctx, err)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	err = server.AttachDialogCreator(ctx, c.creator.Value, watched(c.open, cancel))
	return errors.Join(failure(ctx, err), server.Close())
}

func (c *command) config(ctx context.Context, address string) (*tls.Config, error) {
	if strings.HasPrefix(address, "https:") {
		return c.tls.read(ctx, c.con)
	}
	if !strings.HasPrefix(address, "unix:") {
		return nil, console.UsageError("a socket is written unix:/run/ups/ups.sock", "the address %q is neither unix:PATH nor https://HOST:PORT", address)
	}
	if c.tls != (tlsFiles{}) {
		return nil, console.UsageError("give an address such as https://HOST:PORT", "--certificate, --key and --ca are for https alone")
	}
	return nil, nil
}

// attached says that prompts come now, or why they don't. The second time in a row
// says nothing new.
func (c *command) attached(err error) {
	if before := c.lost.Swap(err != nil); err == nil {
		c.con.Note("waiting for prompts as dialog creator 0x%08X; Ctrl-C ends it", c.creator.Value)
	} else if !before {
		c.con.Warn("%v; trying again until it succeeds", err)
	}
}

// failure returns the error that the program ends with; none if it was interrupted,
// which is how it is meant to end.
func failure(ctx context.Context, err error) error {
	switch {
	case errors.Is(context.Cause(ctx), errTerminal):
		return context.Cause(ctx)
	case ctx.Err() != nil:
		return nil
	case errors.Is(err, service.ErrPermissionDenied) || connect.CodeOf(err) == connect.CodePermissionDenied:
		return console.Hint(said(err), "attach, in the server's configuration, says which plug-ins an identity may be")
	case connect.CodeOf(err) == connect.CodeAlreadyExists:
		return console.Hint(said(err), "there is one program at a time: end the other one")
	}
	return err
}

// said is what the server said, without the name of the code, which says it again.
func said(err error) error {
	if e := new(connect.Error); errors.As(err, &e) {
		return errors.New(e.Message())
	}
	return err
}

// errTerminal says that prompts can't be shown any more.
var errTerminal = errors.New("the terminal has gone away")

// watched returns the dialog creator of the terminal, which calls end when the
// terminal is found to have gone away: each prompt would be answered with no.
func watched(open func() (*os.File, error), end context.CancelCauseFunc) service.DialogCreatorFactory {
	create := terminal.New(terminal.Options{Open: open})
	return func(uid uint32) (service.DialogCreator, error) {
		d, err := create(uid)
		return &dialog{d, open, end}, err
	}
}

type dialog struct {
	service.DialogCreator
	open func() (*os.File, error)
	end  context.CancelCauseFunc
}

// Display asks, and looks after a prompt without an answer whether there is still
// somebody to ask.
func (d *dialog) Display(ctx context.Context, info uint32) (service.Choice, error) {
	choice, err := d.DialogCreator.Display(ctx, info)
	if err != nil && ctx.Err() == nil {
		if gone := usable(d.open); gone != nil {
			d.end(fmt.Errorf("%w: %v", errTerminal, gone))
		}
	}
	return choice, err
}

// usable says what keeps the terminal from being used.
func usable(open func() (*os.File, error)) error {
	f, err := open()
	if err != nil {
		return err
	}
	defer f.Close()
	if !console.IsTerminal(f) {
		return fmt.Errorf("%s is not a terminal", f.Name())
	}
	return nil
}
