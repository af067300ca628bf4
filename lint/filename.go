package lint

import (
	"path/filepath"
	"strconv"
	"strings"
)

// ids are the system server and the service that a policy file is for.
type ids struct{ server, service uint32 }

// idsOf reads the ids from the name of a policy file, in any case
// (docs/language.md, File names).
func idsOf(path string) (ids, bool) {
	name := strings.ToLower(filepath.Base(path))
	stem := strings.TrimSuffix(name, extension(path))
	parts := strings.Split(stem, "_")
	if stem == name || len(parts) != 3 || parts[0] != "ups" {
		return ids{}, false
	}
	server, ok1 := idInName(parts[1])
	service, ok2 := idInName(parts[2])
	return ids{server, service}, ok1 && ok2
}

func idInName(s string) (uint32, bool) {
	v, err := strconv.ParseUint(s, 16, 32)
	return uint32(v), err == nil && len(s) == len("00000000")
}

// extension gives what the name of a policy file ends in, in lower case.
func extension(path string) string { return strings.ToLower(filepath.Ext(path)) }

// stem gives the name of a file as the device compares it, without its ending:
// what a source and the file compiled from it have in common.
func stem(path string) string {
	name := strings.ToLower(filepath.Base(path))
	return strings.TrimSuffix(name, extension(path))
}
