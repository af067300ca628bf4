// Package project is ups init: the files that a folder of policies begins with.
package project

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/flags"
	"ups/cmd/ups/internal/usage"
)

type command struct {
	server, service, creator flags.UID
	name                     name
}

// New returns the command.
func New(con *console.Console) *cobra.Command {
	var f command
	cmd := &cobra.Command{
		Use:   "init [DIR]",
		Short: "Begin a folder of policies: a source, a test, CI and a git hook",
		Long: `Write the files that a folder of policies begins with: a source with comments, a
header that sources share, scenario tests, .ups.yaml, CI for GitHub and GitLab,
and a hook that git runs before a commit. DIR, the current folder if it isn't
given, should be the root of the repository.

What the flags don't say is asked for on a terminal. What is there already is
left as it is, and said; with the same ids and name only what is missing is
written.`,
		Example: `  ups init
  ups init --server 0x20020001 --service 0x20020011 --name dial --creator 0x20012001 phone`,
		Args: atMostOneFolder,
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.run(cmd.Context(), con, folderOf(args))
		},
	}
	cmd.Flags().Var(&f.server, "server", "SID of the system server that asks")
	cmd.Flags().Var(&f.service, "service", "UID of the service that is asked for")
	cmd.Flags().Var(&f.name, "name", "what the service is called, in lower case, such as dial")
	cmd.Flags().Var(&f.creator, "creator", "UID of the dialog creator, the plug-in that asks the user")
	return cmd
}

func atMostOneFolder(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return usage.OneArg("a folder", "folder")(cmd, args)
}

func folderOf(args []string) string {
	if len(args) == 0 {
		return "."
	}
	return args[0]
}

func (f *command) run(ctx context.Context, con *console.Console, dir string) error {
	if dir == console.Stdio {
		return console.UsageError("a folder called - is ./-", "ups init writes several files, and standard output is one")
	}
	if err := f.complete(ctx, con); err != nil {
		return err
	}
	files, err := render(values{
		Server: f.server.String(), Service: f.service.String(), Creator: f.creator.String(),
		Name: string(f.name), Guard: "UPS_" + strings.ToUpper(string(f.name)) + "_RH",
	})
	if err != nil {
		return err
	}
	return write(ctx, con, filepath.Clean(dir), files)
}
