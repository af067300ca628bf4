// Package serve is ups serve: the User Prompt Service as a process.
package serve

import (
	"context"
	"errors"
	"io/fs"

	"github.com/spf13/cobra"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/usage"
	"ups/cmd/ups/internal/yamlfile"
	"ups/cmd/ups/serve/config"
	"ups/runtime"
	"ups/runtime/server/panel"
)

const defaultConfig = "/etc/ups/serve.yaml"

type command struct {
	con   *console.Console
	lists Lists
	path  string // of the configuration
	check bool
}

// Lists returns what the control panel shows of the policies of a store.
type Lists func(*runtime.Store) func() []panel.List

// New returns the command.
func New(con *console.Console, lists Lists) *cobra.Command {
	c := &command{con: con, lists: lists}
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the service for the programs of this machine",
		Long: `Run the User Prompt Service as a process: other programs ask it over Unix sockets,
or over TCP with certificates. What it does, and who may do what, is in a
configuration (docs/serve.md). It listens on nothing that isn't there. The least is

  policies: {rom: policies}    # as ups compile -d policies makes it
  decisions: decisions.db      # is made
  listen: [{unix: ups.sock}]
  identities: [{name: me, uid: 1000, sid: 0x101f7f1f, capabilities: [ProtServ]}]

It ends at an interrupt or SIGTERM, once requests under way are answered or their
time is over; SIGHUP makes it read the configuration and the policies again. Under
systemd it may be started by its sockets, and ends when nobody uses it.

--check says what is wrong with the configuration and with what it names, and what
the server would do; nothing is changed.`,
		Example: `  ups serve --check --config serve.yaml
  ups serve --config serve.yaml`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.run(cmd.Context()) },
	}
	cmd.Flags().StringVar(&c.path, "config", defaultConfig, "read the configuration from `FILE`")
	cmd.Flags().BoolVar(&c.check, "check", false, "check the configuration and what it names, and end")
	return cmd
}

// noArgs refuses what is most likely the configuration.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 1 {
		return console.UsageError("write --config "+args[0], "%s takes no arguments, and this is one: %s", cmd.CommandPath(), args[0])
	}
	return usage.NoArgs(cmd, args)
}

func (c *command) run(ctx context.Context) error {
	cfg, err := c.configuration(ctx)
	if err != nil {
		return err
	}
	if c.check {
		return c.checkAll(ctx, cfg)
	}
	return c.serve(ctx, cfg)
}

// configuration reads the configuration; each mistake is an error with its place.
func (c *command) configuration(ctx context.Context) (*config.Config, error) {
	text, err := c.con.Read(ctx, c.path, config.MaxFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, console.Hint(console.Named(c.path, err), "--config FILE names another configuration; ups serve --help shows one")
	}
	if err != nil {
		return nil, console.Named(c.path, err)
	}
	cfg, err := config.Parse(c.path, text, accounts{})
	return cfg, hinted(err)
}

// hinted shows the mistakes of a configuration, each with what to write instead.
func hinted(err error) error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return err
	}
	var all []error
	for _, err := range joined.Unwrap() {
		if e := (*yamlfile.Error)(nil); errors.As(err, &e) {
			err = console.Input(console.Hint(e, e.Hint))
		}
		all = append(all, err)
	}
	return errors.Join(all...)
}
