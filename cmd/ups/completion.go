package main

import (
	"github.com/spf13/cobra"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/usage"
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
		Args:      usage.NeedsArgs("the name of a shell"),
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
			hint := usage.DidYouMean(args[0], shells, "want bash, fish, powershell or zsh")
			return console.UsageError(hint, "no completion for shell %q", args)
		},
	}
}
