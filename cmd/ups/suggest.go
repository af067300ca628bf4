package main

import (
	"cmp"
	"errors"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ups/diag"
)

// flagError says which flag an unknown one may have been meant to be.
func flagError(cmd *cobra.Command, err error) error {
	unknown := (*pflag.NotExistError)(nil)
	otherwise := cmd.CommandPath() + " --help lists the flags"
	if !errors.As(err, &unknown) || unknown.GetSpecifiedShortnames() != "" {
		return usageError(otherwise, "%w", err)
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
	return usageError(didYouMean("--"+unknown.GetSpecifiedName(), names, otherwise), "%w", err)
}

// didYouMean gives a hint that names the nearest of a closed set, if it is
// near enough to be a slip; otherwise the other hint.
func didYouMean(name string, set []string, otherwise string) string {
	return cmp.Or(diag.DidYouMean(name, set), otherwise)
}
