// Package version says which build of ups this is.
package version

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
)

// Text says what is known of the build, and that it isn't known where
// it isn't. info may be nil.
func Text(info *debug.BuildInfo) string {
	vcs := map[string]string{}
	if info != nil {
		for _, s := range info.Settings {
			vcs[s.Key] = s.Value
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "ups %s\n", Of(info))
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

// Of returns the version of the build, and says so if it has none. info
// may be nil.
func Of(info *debug.BuildInfo) string {
	if info == nil || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "without a version (not built from a release)"
	}
	return info.Main.Version
}

// Semantic returns the version as semver.org has it: below every release
// for a build that has none.
func Semantic(info *debug.BuildInfo) string {
	if v, ok := strings.CutPrefix(Of(info), "v"); ok {
		return v
	}
	return "0.0.0-devel"
}
