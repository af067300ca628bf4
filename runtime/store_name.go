package runtime

import (
	"fmt"
	"strconv"
	"strings"

	"ups/policy"
)

// FileName gives the name of the policy file of a service: ups_, the SID of
// the system server, the UID of the service (docs/language.md,
// File names).
func FileName(server, service uint32) string {
	return fmt.Sprintf("ups_%08x_%08x.rsc", server, service)
}

// ParseFileName reads the name of a policy file, in any case. The error wraps
// ErrInvalidPolicyFileName.
func ParseFileName(name string) (server, service uint32, err error) {
	id, ok := serviceOf(name)
	if !ok {
		return 0, 0, fmt.Errorf("%q: %w", name, ErrInvalidPolicyFileName)
	}
	return id.Server, id.Service, nil
}

const nameLength = len("ups_xxxxxxxx_xxxxxxxx.rsc")

// serviceOf gives the service that the name of a policy file says.
func serviceOf(name string) (policy.Service, bool) {
	if len(name) != nameLength || name[12] != '_' ||
		!strings.EqualFold(name[:4], "ups_") || !strings.EqualFold(name[21:], ".rsc") {
		return policy.Service{}, false
	}
	server, err1 := strconv.ParseUint(name[4:12], 16, 32)
	service, err2 := strconv.ParseUint(name[13:21], 16, 32)
	return policy.Service{Server: uint32(server), Service: uint32(service)}, err1 == nil && err2 == nil
}
