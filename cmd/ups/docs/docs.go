// Package docs is ups docs: the documentation as a web site.
package docs

import (
	"github.com/spf13/cobra"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/usage"
	"ups/cmd/ups/internal/website"
)

// New returns the command.
func New(con *console.Console) *cobra.Command {
	var f website.Flags
	cmd := &cobra.Command{
		Use:   "docs",
		Short: "Show the documentation in a browser",
		Long: `Show the documentation in a browser: the pages of docs/, with a search, served on
this machine alone until the command is interrupted. Nothing is fetched from a
network. With -d the site is written as files, for any web server or to be opened
as they are.`,
		Example: `  ups docs --open
  ups docs --port 8080
  ups docs -d site/`,
		Args: usage.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := newSite()
			if err != nil {
				return err
			}
			return f.Run(cmd.Context(), con, &website.Site{Files: s.files, Policy: contentPolicy})
		},
	}
	f.Register(cmd.Flags(), "the site")
	return cmd
}

// contentPolicy lets nothing be loaded from elsewhere.
const contentPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
