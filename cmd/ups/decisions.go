package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
)

// decisions is what the commands below ups decisions have in common.
type decisions struct {
	sys   *system
	color *choice
	path  string // of the database
}

func newDecisions(sys *system, color *choice) *cobra.Command {
	d := &decisions{sys: sys, color: color}
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
		Args: knownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.PersistentFlags().StringVar(&d.path, "db", "", "`FILE` that holds the database")
	cmd.AddCommand(
		newDecisionsList(d), newDecisionsUpdate(d), newDecisionsRemove(d), newDecisionsClear(d),
		newDecisionsImport(d), newDecisionsExport(d),
	)
	return cmd
}

// check refuses a command line that doesn't say which database is meant, and
// arguments where there are none to give.
func (d *decisions) check(cmd *cobra.Command, args []string, hint string) error {
	switch {
	case d.path == "":
		return usageError("give --db FILE", "%s needs a database", cmd.CommandPath())
	case d.path == stdio:
		return usageError("give --db ./- for a file of that name", "a database can't be a stream")
	case len(args) > 0:
		return usageError(hint, "%s takes no arguments, and got %q", cmd.CommandPath(), args)
	}
	return nil
}

// exists refuses a database that isn't there: a slip in its name is not to
// make an empty one.
func (d *decisions) exists() error {
	_, err := os.Lstat(d.path)
	if os.IsNotExist(err) {
		return usageError("a service makes it, or ups decisions import", "%w", wrap(d.path, err))
	}
	return wrap(d.path, err)
}

// records counts for messages.
func records(n int) string {
	if n == 1 {
		return "1 record"
	}
	return fmt.Sprintf("%d records", n)
}
