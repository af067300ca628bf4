package main

import (
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// newMan is hidden: it is for who packages ups, through make man.
func newMan() *cobra.Command {
	return &cobra.Command{
		Use:   "man DIR",
		Short: "Write the manual pages",
		Long: `Write the manual pages of all commands into a folder, which is made if it isn't
there. The date in them is that of SOURCE_DATE_EPOCH, or today.`,
		Example: "  ups man build/man && man build/man/ups-compile.1",
		Hidden:  true,
		Args:    needsArgs("a folder to write to"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usageError("", "ups man takes one folder, and these are %d", len(args))
			}
			if err := os.MkdirAll(args[0], 0o777); err != nil {
				return err
			}
			root := cmd.Root()
			root.DisableAutoGenTag = true
			return doc.GenManTree(root, &doc.GenManHeader{Section: "1", Source: "ups", Manual: "ups"}, args[0])
		},
	}
}
