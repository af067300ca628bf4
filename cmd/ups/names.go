package main

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
)

// compiledName gives the name of the compiled file for a server and a service
// (docs/language.md, File names).
func compiledName(server, service uint32) string {
	return fmt.Sprintf("ups_%08x_%08x.rsc", server, service)
}

// idsOf reads the ids from the name of a policy source, in any case. A source
// that is already preprocessed may end in .rpp.
func idsOf(path string) (server, service uint32, ok bool) {
	name := strings.ToLower(filepath.Base(path))
	stem := strings.TrimSuffix(strings.TrimSuffix(name, ".rss"), ".rpp")
	parts := strings.Split(stem, "_")
	if stem == name || len(parts) != 3 || parts[0] != "ups" {
		return 0, 0, false
	}
	server, ok1 := idInName(parts[1])
	service, ok2 := idInName(parts[2])
	return server, service, ok1 && ok2
}

// idInName reads the eight hexadecimal digits of an id in a file name.
func idInName(s string) (uint32, bool) {
	v, err := strconv.ParseUint(s, 16, 32)
	return uint32(v), err == nil && len(s) == 8
}
