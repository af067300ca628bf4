// Package decisions is ups decisions: what shows and changes a decision database.
package decisions

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/usage"
)

// decisions is what the commands below ups decisions have in common.
type decisions struct {
	con  *console.Console
	path string // of the database
}

// New returns the command.
func New(con *console.Console) *cobra.Command {
	d := &decisions{con: con}
	cmd := &cobra.Command{
		Use:   "decisions",
		Short: "Look into the stored answers, and change them",
		Long: `Look into a decision database, which holds the answers always and never that
people gave to prompts, and change it.

list and export read beside a service that is using the database. The others
need it to themselves. A database that turns out to be damaged when it is to be
changed is moved aside under a dated name, never deleted; a new, empty one is
begun, the command does nothing else, and its exit status is 2. A file that
isn't a decision database is refused, and left as it is.`,
		Example: `  ups decisions list --db ups.db --client 0x20001234
  ups decisions update --db ups.db --result never 17
  ups decisions remove --db ups.db --where 'major<2' --dry-run
  ups decisions export --db ups.db > backup.jsonl`,
		Args: usage.KnownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.PersistentFlags().StringVar(&d.path, "db", "", "`FILE` that holds the database")
	cmd.AddCommand(
		newList(d), newUpdate(d), newRemove(d), newClear(d),
		newImport(d), newExport(d),
	)
	return cmd
}

// check refuses a command line that doesn't say which database is meant, and
// arguments where there are none to give.
func (d *decisions) check(cmd *cobra.Command, args []string, hint string) error {
	switch {
	case d.path == "":
		return console.UsageError("give --db FILE", "%s needs a database", cmd.CommandPath())
	case d.path == console.Stdio:
		return console.UsageError("give --db ./- for a file of that name", "a database can't be a stream")
	case len(args) > 0:
		return console.UsageError(hint, "%s takes no arguments, and got %q", cmd.CommandPath(), args)
	}
	return nil
}

// exists refuses a database that isn't there: a slip in its name is not to
// make an empty one.
func (d *decisions) exists() error {
	_, err := os.Lstat(d.path)
	if os.IsNotExist(err) {
		return console.UsageError("a service makes it, or ups decisions import", "%w", console.Named(d.path, err))
	}
	return console.Named(d.path, err)
}

// records counts for messages.
func records(n int) string {
	if n == 1 {
		return "1 record"
	}
	return fmt.Sprintf("%d records", n)
}
