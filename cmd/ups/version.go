package main

import (
	"runtime/debug"

	"github.com/spf13/cobra"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/usage"
	"ups/cmd/ups/internal/version"
)

func newVersion(con *console.Console) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Say which ups this is",
		Example: "  ups version",
		Args:    usage.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			info, _ := debug.ReadBuildInfo()
			return con.Write([]byte(version.Text(info)))
		},
	}
}
