package lint

import (
	"path"
	"strings"
)

// matchGlob reports whether a glob covers a path, both with / between names:
// it matches the path, or a folder that the path is below.
func matchGlob(glob, name string) bool {
	globs := strings.Split(strings.TrimSuffix(glob, "/"), "/")
	return matchNames(globs, strings.Split(name, "/"))
}

// matchNames matches name by name, each glob from the left. It keeps the row
// of a table, so that no glob takes more than its length times the path's.
func matchNames(globs, names []string) bool {
	reach := make([]bool, len(globs)+1) // reach[i]: the first i globs match the names so far
	reach[0] = true
	spread(globs, reach)
	for _, name := range names {
		for i := len(globs); i > 0; i-- {
			ok, _ := path.Match(globs[i-1], name)
			reach[i] = reach[i-1] && ok || reach[i] && globs[i-1] == "**"
		}
		reach[0] = false
		spread(globs, reach)
		if reach[len(globs)] {
			return true
		}
	}
	return false
}

// spread lets each ** match no name at all.
func spread(globs []string, reach []bool) {
	for i, g := range globs {
		if g == "**" && reach[i] {
			reach[i+1] = true
		}
	}
}

func validGlob(glob string) bool {
	_, err := path.Match(glob, "")
	return err == nil
}
