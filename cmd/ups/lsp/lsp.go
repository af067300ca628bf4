// Package lsp is ups lsp, a language server for policy sources.
//
// A connection (connection.go) hands notifications to the server (server.go) in
// their order, and requests to goroutines of their own (dispatch.go has the
// table). Texts are immutable values (text.go, document.go): an edit makes
// another. What is known of a policy source is a compilation (compilation.go): the
// tree, the model and, once it is ready, what lint found; it is made once for
// each state of the files that it read, whoever asks for it, and is stopped when a
// newer state supersedes it. Diagnostics are published from there (publish.go). The
// other files are one request each.
package lsp

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/settings"
	"ups/cmd/ups/internal/usage"
)

// command are the flags of ups lsp.
type command struct {
	sources settings.Flags
	noLint  bool
	stdio   bool // what editors pass to every server; there is no other way
}

// New returns the command.
func New(con *console.Console) *cobra.Command {
	var f command
	cmd := &cobra.Command{
		Use:   "lsp",
		Short: "Serve editors: diagnostics, completion and more while you type",
		Long: `Speak the Language Server Protocol on standard input and output. It is started by
editors: docs/editors.md shows how to set them up, docs/lsp.md what they get.

The configuration (.ups.yaml) and -I, -D and -U say how sources are compiled, as for
all commands. Files that are open in the editor count as they are there, saved or
not. Nothing is written to files; the editor changes them.`,
		Example: `  ups lsp
  ups lsp -I include -D PHONE`,
		Args: usage.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.run(cmd.Context(), con)
		},
	}
	f.sources.Register(cmd.Flags(), "")
	cmd.Flags().BoolVar(&f.noLint, "no-lint", false, "show what the compiler finds alone")
	cmd.Flags().BoolVar(&f.stdio, "stdio", true, "use standard input and output, the only way there is")
	_ = cmd.Flags().MarkHidden("stdio") // fails for an unknown flag alone
	return cmd
}

func (f *command) run(ctx context.Context, con *console.Console) error {
	if !f.stdio {
		return console.UsageError("", "the server uses standard input and output, and nothing else")
	}
	if con.IsTerminal(con.Stdin) {
		con.Note("this is for editors, and waits for one: docs/editors.md shows how to set them up")
	}
	s := newServer(con, f.sources, !f.noLint)
	return s.serve(ctx, struct {
		io.Reader
		io.Writer
	}{con.Stdin, con.Out()})
}
