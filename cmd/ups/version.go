package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/usage"
)

func newVersion(con *console.Console) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Say which ups this is",
		Example: "  ups version",
		Args:    usage.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			info, _ := debug.ReadBuildInfo()
			return con.Write([]byte(versionText(info)))
		},
	}
}

// versionText says what is known of the build, and that it isn't known where
// it isn't. info may be nil.
func versionText(info *debug.BuildInfo) string {
	vcs := map[string]string{}
	if info != nil {
		for _, s := range info.Settings {
			vcs[s.Key] = s.Value
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "ups %s\n", versionOf(info))
	if rev := vcs["vcs.revision"]; rev != "" {
		changed := ""
		if vcs["vcs.modified"] == "true" {
			changed = ", with changes"
		}
		fmt.Fprintf(&b, "commit %s of %s%s\n", rev, vcs["vcs.time"], changed)
	}
	fmt.Fprintf(&b, "built with %s for %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return b.String()
}

// versionOf returns the version of the build, and says so if it has none. info
// may be nil.
func versionOf(info *debug.BuildInfo) string {
	if info == nil || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "without a version (not built from a release)"
	}
	return info.Main.Version
}

// semanticVersion returns the version as semver.org has it: below every release
// for a build that has none.
func semanticVersion(info *debug.BuildInfo) string {
	if v, ok := strings.CutPrefix(versionOf(info), "v"); ok {
		return v
	}
	return "0.0.0-devel"
}
