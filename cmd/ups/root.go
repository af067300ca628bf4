package main

import (
	"context"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// run runs a command line and gives the exit status of the process.
func run(ctx context.Context, sys *system, args []string) int {
	root := newRoot(sys)
	root.SetArgs(singleDash(args))
	return sys.finish(root.ExecuteContext(ctx))
}

func newRoot(sys *system) *cobra.Command {
	color := choice{value: "auto", of: []string{"auto", "always", "never"}}
	root := &cobra.Command{
		Use:   "ups",
		Short: "Policies of the User Prompt Service: compile, look into, serve",
		Long: `ups turns policy sources into the files that a device reads, and back.

A file called - is standard input or output. The exit status is 0 if the work
is done, 1 if what it was given has errors, 2 if the command could not do its
work.

With --quiet standard error has errors and diagnostics, problems of a policy
store, questions to confirm, and what --dry-run was asked for. Progress, notes
such as which files were left out, and summaries such as what --fix changed are
left out; standard output and the exit status are the same.`,
		Example: `  ups compile policies/            every source below a folder
  ups compile -o - a.rss | ups dump -
  ups dump ups_101f7f1f_1000a00a.rsc`,
		Args:              knownCommand,
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		SilenceUsage:      true,
		SilenceErrors:     true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	info, _ := debug.ReadBuildInfo()
	root.Version = versionText(info)
	root.SetVersionTemplate("{{.Version}}")
	root.SetIn(sys.stdin)
	root.SetOut(sys.stdout)
	root.SetErr(sys.stderr)
	root.SetFlagErrorFunc(flagError)
	root.PersistentFlags().Var(&color, "color", "colour diagnostics: auto, always or never")
	root.PersistentFlags().BoolVarP(&sys.quiet, "quiet", "q", false, "leave out notes, summaries and progress on standard error; errors and diagnostics stay")
	completeChoice(root, "color", &color)
	root.AddCommand(
		newCompile(sys, &color), newDump(sys), newRcomp(sys, &color), newLint(sys, &color), newExplain(sys),
		newMatch(sys, &color), newDecisions(sys, &color), newTest(sys, &color), newHeaders(sys), newCompletion(), newMan(sys), newVersion(sys),
	)
	root.SetHelpCommand(newHelp(root))
	return root
}

// knownCommand refuses what stands where a command should.
func knownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return usageError(didYouMean(args[0], names, cmd.CommandPath()+" --help lists the commands"), "unknown command %q", args[0])
}

// newHelp replaces the help command of cobra, which takes an unknown topic
// for success.
func newHelp(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND]",
		Short:   "Tell about a command",
		Example: "  ups help compile",
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if err != nil || cmd == root && len(rest) > 0 {
				return knownCommand(root, args)
			}
			cmd.InitDefaultHelpFlag()
			return cmd.Help()
		},
	}
}
