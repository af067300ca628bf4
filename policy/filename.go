package policy

import (
	"fmt"
	"path"
	"strconv"
	"strings"
)

// What the names of policy files end in.
const (
	SourceExt       = ".rss"
	PreprocessedExt = ".rpp" // a source without directives
	CompiledExt     = ".rsc"
)

// FileName returns the name of the policy file of a service (docs/language.md,
// File names), with an extension such as CompiledExt.
func (s Service) FileName(ext string) string {
	return fmt.Sprintf("ups_%08x_%08x%s", s.Server, s.Service, ext)
}

// ParseFileName reads the name of a policy file, without its folder and in any
// case: the service that it is for, and its extension in lower case, which may
// be any or none.
func ParseFileName(name string) (s Service, ext string, ok bool) {
	const length = len("ups_xxxxxxxx_xxxxxxxx")
	name = strings.ToLower(name)
	ext = path.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	if len(stem) != length || stem[:4] != "ups_" || stem[12] != '_' {
		return Service{}, ext, false
	}
	server, err1 := strconv.ParseUint(stem[4:12], 16, 32)
	service, err2 := strconv.ParseUint(stem[13:], 16, 32)
	if err1 != nil || err2 != nil {
		return Service{}, ext, false
	}
	return Service{Server: uint32(server), Service: uint32(service)}, ext, true
}
