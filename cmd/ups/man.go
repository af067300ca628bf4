package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// newMan is hidden: it is for who packages ups, through make man.
func newMan(sys *system) *cobra.Command {
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
			cmd.Root().DisableAutoGenTag = true
			outputs, err := manPages(cmd.Root(), args[0])
			if err != nil {
				return err
			}
			return sys.writeOutputs(cmd.Context(), outputs)
		},
	}
}

// manPages returns the pages of a command and those below it that help shows.
func manPages(cmd *cobra.Command, dir string) (outputs []output, err error) {
	for _, c := range cmd.Commands() {
		if !c.IsAvailableCommand() {
			continue
		}
		more, err := manPages(c, dir)
		if err != nil {
			return nil, err
		}
		outputs = append(outputs, more...)
	}
	var page bytes.Buffer
	err = doc.GenMan(cmd, &doc.GenManHeader{Section: "1", Source: "ups", Manual: "ups"}, &page)
	name := strings.ReplaceAll(cmd.CommandPath(), " ", "-") + ".1"
	return append(outputs, output{name: filepath.Join(dir, name), data: page.Bytes()}), err
}
