package main

import (
	"context"
	"runtime/debug"

	"github.com/spf13/cobra"

	"ups/cmd/ups/agent"
	"ups/cmd/ups/compile"
	"ups/cmd/ups/decisions"
	"ups/cmd/ups/diff"
	"ups/cmd/ups/docs"
	"ups/cmd/ups/format"
	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/flags"
	"ups/cmd/ups/internal/usage"
	"ups/cmd/ups/internal/version"
	"ups/cmd/ups/lint"
	"ups/cmd/ups/lsp"
	"ups/cmd/ups/match"
	"ups/cmd/ups/packaging"
	"ups/cmd/ups/page/loaded"
	"ups/cmd/ups/page/play"
	"ups/cmd/ups/page/report"
	"ups/cmd/ups/project"
	"ups/cmd/ups/serve"
)

// run runs a command line and returns the exit status of the process.
func run(ctx context.Context, con *console.Console, args []string) int {
	root := newRoot(con)
	root.SetArgs(singleDash(args))
	return con.Finish(root.ExecuteContext(ctx))
}

func newRoot(con *console.Console) *cobra.Command {
	con.Color = flags.Choice{Value: "auto", Of: []string{"auto", "always", "never"}}
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
		Args:              usage.KnownCommand,
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		SilenceUsage:      true,
		SilenceErrors:     true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	info, _ := debug.ReadBuildInfo()
	root.Version = version.Text(info)
	root.SetVersionTemplate("{{.Version}}")
	root.SetIn(con.Stdin)
	root.SetOut(con.Out())
	root.SetErr(con.Stderr)
	root.SetFlagErrorFunc(usage.FlagError)
	root.PersistentFlags().Var(&con.Color, "color", "colour diagnostics: auto, always or never")
	root.PersistentFlags().BoolVarP(&con.Quiet, "quiet", "q", false, "leave out notes, summaries and progress on standard error; errors and diagnostics stay")
	flags.CompleteChoice(root, "color", &con.Color)
	root.AddCommand(
		project.New(con), compile.New(con), newDump(con), compile.NewRcomp(con), format.New(con), newSort(con), lint.New(con), diff.New(con), newExplain(con),
		match.New(con), decisions.New(con), newTest(con), serve.New(con, loaded.Lists), report.New(con), packaging.New(con), lsp.New(con), docs.New(con), play.New(con), agent.New(con), newHeaders(con), newCompletion(), newMan(con), newVersion(con),
	)
	root.SetHelpCommand(newHelp(root))
	return root
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
				return usage.KnownCommand(root, args)
			}
			cmd.InitDefaultHelpFlag()
			return cmd.Help()
		},
	}
}
