// Package usage checks what a command line says besides its flags, and words
// what is wrong with it.
package usage

import (
	"cmp"
	"errors"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ups/cmd/ups/internal/console"
	"ups/diag"
)

// NeedsArgs refuses a command line without arguments.
func NeedsArgs(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return nil
		}
		return console.UsageError("see "+cmd.CommandPath()+" --help", "%s needs %s", cmd.CommandPath(), what)
	}
}

// OneArg refuses none, and more than one. kind says what it is, in a word.
func OneArg(what, kind string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 1 {
			return console.UsageError("", "%s takes one %s, and these are %d", cmd.CommandPath(), kind, len(args))
		}
		return NeedsArgs(what)(cmd, args)
	}
}

// NoArgs refuses arguments.
func NoArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return console.UsageError("see "+cmd.CommandPath()+" --help", "%s takes no arguments, and this is one: %s", cmd.CommandPath(), args[0])
}

// KnownCommand refuses what stands where a command should.
func KnownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return console.UsageError(DidYouMean(args[0], names, cmd.CommandPath()+" --help lists the commands"), "unknown command %q", args[0])
}

// FlagError says which flag an unknown one may have been meant to be.
func FlagError(cmd *cobra.Command, err error) error {
	unknown := (*pflag.NotExistError)(nil)
	otherwise := cmd.CommandPath() + " --help lists the flags"
	if !errors.As(err, &unknown) || unknown.GetSpecifiedShortnames() != "" {
		return console.UsageError(otherwise, "%w", err)
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
	return console.UsageError(DidYouMean("--"+unknown.GetSpecifiedName(), names, otherwise), "%w", err)
}

// DidYouMean returns a hint that names the nearest of a closed set, if it is
// near enough to be a slip; otherwise the other hint.
func DidYouMean(name string, set []string, otherwise string) string {
	return cmp.Or(diag.DidYouMean(name, set), otherwise)
}
