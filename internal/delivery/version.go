package delivery

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Version is the version of a package: major, minor and build.
type Version [3]int

// highest is the highest numbers that makesis takes.
var highest = Version{127, 99, 32767}

// ParseVersion reads MAJOR.MINOR.BUILD.
func ParseVersion(s string) (v Version, err error) {
	parts := strings.Split(s, ".")
	if len(parts) != len(v) {
		return v, errVersion
	}
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 16)
		if err != nil || int(n) > highest[i] {
			return Version{}, errVersion
		}
		v[i] = int(n)
	}
	return v, nil
}

var errVersion = errors.New("want MAJOR.MINOR.BUILD, at most 127, 99 and 32767, such as 1.0.1")

func (v Version) String() string { return fmt.Sprintf("%d.%d.%d", v[0], v[1], v[2]) }

// Before reports whether a version is below another.
func (v Version) Before(w Version) bool { return slices.Compare(v[:], w[:]) < 0 }
