package main

import (
	"github.com/spf13/cobra"
)

func newCompletion() *cobra.Command {
	shells := []string{"bash", "fish", "powershell", "zsh"}
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Write a script that completes commands in a shell",
		Long: `Write a script that teaches a shell to complete the commands and flags of ups.
SHELL is bash, fish, powershell or zsh. Bash needs no other package.`,
		Example: `  source <(ups completion bash)
  ups completion zsh > "${fpath[1]}/_ups"
  ups completion fish > ~/.config/fish/completions/ups.fish`,
		ValidArgs: shells,
		Args:      needsArgs("the name of a shell"),
		RunE: func(cmd *cobra.Command, args []string) error {
			root, w := cmd.Root(), cmd.OutOrStdout()
			switch {
			case len(args) > 1:
			case args[0] == "bash":
				return bashCompletion(w, root)
			case args[0] == "fish":
				return root.GenFishCompletion(w, true)
			case args[0] == "powershell":
				return root.GenPowerShellCompletionWithDesc(w)
			case args[0] == "zsh":
				return root.GenZshCompletion(w)
			}
			hint := didYouMean(args[0], shells, "want bash, fish, powershell or zsh")
			return usageError(hint, "no completion for shell %q", args)
		},
	}
}

// completeChoice lets shells complete the values of a flag.
func completeChoice(cmd *cobra.Command, name string, c *choice) {
	values := cobra.FixedCompletions(c.of, cobra.ShellCompDirectiveNoFileComp)
	// It fails only if there is no such flag, which the scripts would show.
	_ = cmd.RegisterFlagCompletionFunc(name, values)
}
