package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
	"github.com/spf13/pflag"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/output"
	"ups/cmd/ups/internal/usage"
)

// newMan is hidden: it is for packaging ups, through make man.
func newMan(con *console.Console) *cobra.Command {
	return &cobra.Command{
		Use:   "man DIR",
		Short: "Write the manual pages",
		Long: `Write the manual pages of all commands into a folder, which is made if it isn't
there. The date in them is that of SOURCE_DATE_EPOCH, or today.`,
		Example: "  ups man build/man && man build/man/ups-compile.1",
		Hidden:  true,
		Args:    usage.OneArg("a folder to write to", "folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o777); err != nil {
				return err
			}
			cmd.Root().DisableAutoGenTag = true
			outputs, err := manPages(cmd.Root(), args[0])
			if err != nil {
				return err
			}
			return output.Write(cmd.Context(), con, outputs)
		},
	}
}

// manPages returns the pages of a command and those below it that help shows.
func manPages(cmd *cobra.Command, dir string) (outputs []output.File, err error) {
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
	page, err := manPage(cmd)
	name := strings.ReplaceAll(cmd.CommandPath(), " ", "-") + ".1"
	return append(outputs, output.File{Name: filepath.Join(dir, name), Data: page}), err
}

// manFlag is how cobra/doc heads the text of a flag: its names, and its default
// in place of the name of its value.
var manFlag = regexp.MustCompile(`(?m)^((?:\\fB-\w\\fP, )?\\fB--([\w-]+)\\fP)\[?=.*$`)

// manPage returns the page of a command, with the names of values as --help has
// them.
func manPage(cmd *cobra.Command) ([]byte, error) {
	var b bytes.Buffer
	if err := doc.GenMan(cmd, &doc.GenManHeader{Section: "1", Source: "ups", Manual: "ups"}, &b); err != nil {
		return nil, err
	}
	return manFlag.ReplaceAllFunc(b.Bytes(), func(head []byte) []byte {
		parts := manFlag.FindSubmatch(head)
		flag := cmd.Flag(string(parts[2]))
		if flag == nil {
			return head
		}
		return append(bytes.Clone(parts[1]), manValue(flag)...)
	}), nil
}

// manValue returns what follows the name of a flag. A default that depends on
// the computer, as that of --jobs, would be wrong on another.
func manValue(flag *pflag.Flag) string {
	name, _ := pflag.UnquoteUsage(flag)
	if name == "" { // of a flag that is on or off
		return ""
	}
	text := ` \fI` + strings.ReplaceAll(name, "-", `\-`) + `\fP`
	switch flag.DefValue {
	case "", "0", "[]":
		return text
	}
	if flag.Name == "jobs" {
		return text
	}
	return text + fmt.Sprintf(" (default %s)", flag.DefValue)
}
